import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { expect, test } from './support/test';

const SCREENS = {
  wide: { width: 1440, height: 900 },
  phone: { width: 375, height: 812 },
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    test(`axe finds nothing on a ${screen} screen in ${colorScheme}`, async ({
      cluster,
      newVisitor,
    }) => {
      await cluster.click('ord', 30);
      await cluster.click('fra', -2);
      const visitor = await newVisitor({ colorScheme, viewport });
      const page = await visitor.open('syd');
      await page.click(1);
      await page.shows(29);

      expect(await violations(page.page)).toEqual([]);

      await cluster.redis.kill();
      await page.is('stale');
      await page.click(1);
      await expect(page.waiting).toBeVisible();
      expect(await violations(page.page)).toEqual([]);
    });
  }
}

test.describe('on one server', () => {
  test.use({ places: ['ord'] });

  test('axe finds nothing on a page that says what is wrong', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    watch.allow('Failed to load resource: the server responded with a status of 404 (Not Found)');
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await (await newVisitor({ colorScheme })).tab('ord');
      await page.goto(`${cluster.url('ord')}/nowhere`);

      expect(await violations(page)).toEqual([]);
    }
  });

  test('everything is reached and worked by keyboard, and shows its focus', async ({ visitor }) => {
    const page = await visitor.open('ord');
    const keyboard = page.page.keyboard;
    const stops = [
      page.page.getByRole('link', { name: 'Skip to regions' }),
      page.page.getByRole('link', { name: 'Murmuration, home' }),
      page.page.getByRole('link', { name: 'World', exact: true }),
      page.page.getByRole('link', { name: 'Parties', exact: true }),
      page.page.getByRole('link', { name: 'Mail', exact: true }),
      page.page.getByRole('link', { name: 'Draw', exact: true }),
      page.page.getByRole('link', { name: 'Poll', exact: true }),
      page.less,
      page.more,
      page.page.getByRole('button', { name: 'Share', exact: true }),
      page.page.getByRole('link', { name: 'the API' }),
    ];
    for (const stop of stops) {
      await keyboard.press('Tab');
      await expect(stop).toBeFocused();
      await expect(stop).toBeInViewport();
      await expect(stop).toHaveCSS('outline-style', 'solid');
      await expect(stop).toHaveCSS('outline-width', '3px');
    }

    await page.more.focus();
    await keyboard.press('Enter');
    await keyboard.press('Space');
    await page.shows(2);
    await expect(page.more).toBeFocused();
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await page.shows(1);
  });

  test('the skip link leads to the regions', async ({ visitor }) => {
    const page = await visitor.open('ord');

    await page.page.keyboard.press('Tab');
    await page.page.keyboard.press('Enter');

    await expect(page.regions).toBeInViewport();
    await page.page.keyboard.press('Tab');
    await expect(page.page.getByRole('link', { name: 'the API' })).toBeFocused();
  });

  test('screen readers are told the result of a visitor’s own clicks', async ({ visitor }) => {
    const page = await visitor.open('ord');

    await page.click(2);

    const told = page.page.getByRole('status').filter({ hasText: 'Counted. 2 clicks overall.' });
    await expect(told).toHaveCount(1);
    const table = page.page.getByRole('table', { name: 'Regions' });
    for (const name of ['Region', 'Clicks', 'Share', 'People', 'Instances']) {
      await expect(table.getByRole('columnheader', { name, exact: true })).toHaveCount(1);
    }
    await expect(table.getByRole('rowheader', { name: /ord.*Chicago/ })).toHaveCount(1);
  });

  test('nothing moves for those who want no motion', async ({ newVisitor }) => {
    const running = (page: Page) =>
      page.evaluate(() => {
        const animations = document.getAnimations();
        return animations.filter(({ playState }) => playState === 'running').length;
      });
    const moved = await (await newVisitor({ reducedMotion: 'no-preference' })).poll('ord');
    // The sky drifts, where no birds fly in its place: this test would notice.
    await expect.poll(() => running(moved.page)).toBeGreaterThan(0);

    const still = await (await newVisitor({ reducedMotion: 'reduce' })).open('ord');
    await still.click(2);
    await still.shows(2);

    expect(await running(still.page)).toBe(0);
  });

  test('nothing is lost where the system sets the colours', async ({ newVisitor }, info) => {
    const visitor = await newVisitor({ forcedColors: 'active' });
    const ann = await visitor.start('ord', 'Ann');
    const tab = await visitor.open('ord');
    const fill = (page: Page, part: string) =>
      page.locator(part).first().evaluate((element) => getComputedStyle(element).backgroundColor);
    const ground = await fill(tab.page, 'html');

    for (const part of ['.world-map__land', '.connection-pill__light']) {
      expect(await fill(tab.page, part), part).not.toBe(ground);
    }
    const light = '[data-online="true"] .participant-item__light';
    expect(await fill(ann.page, light)).not.toBe(ground);
    for (const { navigation } of [tab, ann]) {
      const borders = await navigation.getByRole('link').evaluateAll((links) =>
        links.map((link) => [link.hasAttribute('aria-current'), getComputedStyle(link).borderStyle]),
      );
      for (const [isCurrent, border] of borders) expect(border).toBe(isCurrent ? 'solid' : 'none');
    }
    for (const { page } of [tab, ann]) {
      await page.screenshot({ path: info.outputPath(`${new URL(page.url()).pathname.length}.png`) });
    }
  });
});
