import { type Locator, type Page, expect } from '@playwright/test';
import { sendLetters } from './support/mail';
import { sendMessages } from './support/party';
import { test } from './support/test';

/** More than a box shows at once. */
const TEXTS = Array.from({ length: 40 }, (_, at) => `message ${at + 1}`);

test.use({ places: ['ord'] });

/** Prints a page whose log is on it, and looks at what would be on paper. */
async function prints(page: Page, log: Locator): Promise<void> {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const [shown, whole] = await log.evaluate((log) => [log.clientHeight, log.scrollHeight]);
  expect(shown).toBeGreaterThanOrEqual(whole);
  await expect(log).toHaveCSS('overflow', 'visible');
  for (const text of [TEXTS[0], TEXTS.at(-1)]) {
    await expect(log.getByText(text ?? '', { exact: true })).toBeVisible();
  }
  await expect(page.getByRole('button').filter({ visible: true })).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Site' })).toBeHidden();
  // Dark on light, whatever the screen is.
  const [ink] = await page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')!;
    canvas.fillStyle = getComputedStyle(document.documentElement).color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  });
  expect(ink).toBeLessThan(100);
}

test('a chat and a conversation are printed whole, in light colours', async ({
  cluster,
  newVisitor,
}, info) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  await sendMessages(cluster.url('ord'), ann.code, TEXTS);
  await expect(ann.messages).toHaveCount(TEXTS.length);
  const wren = await (await newVisitor()).named('ord', 'wren');
  const address = await wren.ownAddress.inputValue();
  await sendLetters(cluster.url('ord'), 'fra-finch', address, TEXTS);
  await wren.open('fra-finch');
  await expect(wren.letters).toHaveCount(TEXTS.length);

  await prints(ann.page, ann.chatLog);
  await prints(wren.page, wren.log);
  for (const [name, { page }] of [['chat', ann], ['mail', wren]] as const) {
    await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
  }
});
