// What a visitor gives up: on a device, on all, and an address.

import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

const SCREENS = { phone: { width: 375, height: 812 }, wide: { width: 1440, height: 900 } };

/** Opens the page of what the site knows, by the link in another page's footer. */
async function openYou(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'what this site knows of you' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What this site knows of you');
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('who is forgotten on a device is somebody else in it, and leaves nothing there', async ({
      newVisitor,
    }) => {
      const visitor = await newVisitor({ javaScriptEnabled });
      const other = await visitor.named('ord', 'wren');
      const { page } = await visitor.mail('ord');
      await page.evaluate(() => localStorage.setItem('murmuration-pending:x', 'a draft'));
      await openYou(page);
      await expect(page.getByTestId('belongings')).toContainText('ord-wren');

      await page.getByTestId('forget-here').click();

      await expect(page.getByTestId('note')).toContainText('This browser is forgotten');
      await expect(page.getByTestId('nobody')).toBeVisible();
      expect(await visitor.context.cookies()).toEqual([]);
      expect(await page.evaluate(() => localStorage.length)).toBe(0);
      // A page that was open shows nobody's mail any longer, once it runs scripts; any other when it is loaded again.
      if (!javaScriptEnabled) await other.page.reload();
      await expect(other.nameCard).toBeVisible();
    });

    test('who is forgotten on all devices is nobody in another browser either', async ({
      cluster,
      newVisitor,
    }) => {
      const visitor = await newVisitor({ javaScriptEnabled });
      await visitor.named('ord', 'wren');
      const party = await visitor.start('ord', 'Wren');
      // Somebody has copied the cookie.
      const thief = await newVisitor({ javaScriptEnabled });
      await thief.context.addCookies(await visitor.context.cookies());
      const stolen = await thief.mail('fra');
      await expect(stolen.ownAddress).toHaveValue('ord-wren');

      await openYou(party.page);
      await expect(party.page.getByTestId('belongings')).toContainText('place in party');
      await party.page.getByTestId('forget-all').click();
      await party.page.getByTestId('forget-all-now').click();

      await expect(party.page.getByTestId('note')).toContainText('forgotten on all devices');
      if (!javaScriptEnabled) await stolen.page.goto(`${cluster.url('fra')}/mail`);
      await expect(stolen.nameCard).toBeVisible();
    });

    test('an address is given back after a question', async ({ newVisitor, watch }) => {
      watch.allowStatus(409);
      const visitor = await newVisitor({ javaScriptEnabled });
      const mail = await visitor.named('ord', 'wren');
      const tab = await visitor.mail('fra');

      await mail.page.getByTestId('give-back').getByText('Give this address back…').click();
      await mail.page.getByTestId('give-back-now').click();

      await expect(mail.nameCard).toBeVisible();
      if (javaScriptEnabled) {
        await expect(tab.page.getByTestId('notice')).toContainText('no longer yours');
      }
      const other = await (await newVisitor({ javaScriptEnabled })).mail('ord');
      await other.name.fill('wren');
      await other.takeName.click();
      await expect(other.problem).toContainText('given back');
      await mail.take('wren');
    });
  });
}

test('the page fits every screen, by day and by night', async ({ cluster, newVisitor }, info) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const visitor = await newVisitor({ colorScheme, viewport });
      const { page } = await visitor.named('ord', `${screen}_${colorScheme}`);
      await page.getByTestId('give-back').getByText('Give this address back…').click();
      expect(await overhangs(page)).toEqual([]);
      await page.screenshot({ path: info.outputPath(`mail-${screen}-${colorScheme}.png`), fullPage: true });

      await page.goto(`${cluster.url('ord')}/you`);
      await page.getByTestId('forget-all').click();
      expect(await overhangs(page)).toEqual([]);
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: info.outputPath(`you-${screen}-${colorScheme}.png`), fullPage: true });
    }
  }
});
