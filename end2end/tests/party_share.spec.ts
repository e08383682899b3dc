import { readCode } from './support/qr';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the QR code is the link, in ${colorScheme}`, async ({ cluster, newVisitor }) => {
    const screens = [
      { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
      { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
    ];
    for (const screen of screens) {
      for (const javaScriptEnabled of [true, false]) {
        const visitor = await newVisitor({ colorScheme, javaScriptEnabled, ...screen });
        const party = await visitor.start('fra', 'Ann');
        const link = `${cluster.url('fra')}/party/${party.code}`;

        await expect(party.link).toHaveValue(link);
        expect(await readCode(party.qrCode)).toBe(link);
      }
    }
  });
}

test('the link is copied', async ({ newVisitor }) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const party = await (await newVisitor({ permissions })).start('ord', 'Ann');

  await party.page.getByRole('button', { name: 'Copy link' }).click();

  await expect(party.page.getByTestId('copy-note')).toHaveText('Copied.');
  const copied = await party.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await party.link.inputValue());
});

test('without JavaScript nothing offers to copy', async ({ newVisitor }) => {
  const party = await (await newVisitor({ javaScriptEnabled: false })).start('ord', 'Ann');

  await expect(party.link).toBeVisible();
  await expect(party.page.getByRole('button', { name: 'Copy link' })).toBeHidden();
});
