import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.use({ places: ['ord'] });

/** What axe finds, but for links within buttons: that is how the viewer is built. */
async function faults(page: Page): Promise<string[]> {
  const found = await violations(page);
  return found.filter((fault) => !fault.startsWith('nested-interactive'));
}

test('the API’s document is shown, and nothing comes from elsewhere', async ({
  cluster,
  newVisitor,
}, info) => {
  const ord = cluster.url('ord');
  const document = await (await fetch(`${ord}/api/openapi.json`)).json();
  const calls = Object.values<object>(document.paths).flatMap((path) =>
    Object.keys(path).filter((key) => /^(get|put|post|delete|options|head|patch)$/.test(key)),
  );
  expect(calls.length).toBeGreaterThan(10);
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await (await newVisitor({ colorScheme })).partiesTab('ord');
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).origin));

    await page.goto(`${ord}/api/docs`);

    await expect(page.locator('.opblock')).toHaveCount(calls.length);
    await expect(page.locator('.opblock', { hasText: '/managers/find' })).toBeVisible();
    await page.screenshot({ path: info.outputPath(`${colorScheme}.png`) });
    expect.soft(await faults(page), colorScheme).toEqual([]);
    await page.locator('.opblock', { hasText: '/managers/find' }).getByRole('button').first().click();
    await expect(page.locator('.opblock.is-open')).toContainText('lng');
    await page.screenshot({ path: info.outputPath(`open-${colorScheme}.png`) });
    expect.soft(await faults(page), `open, ${colorScheme}`).toEqual([]);
    for (const width of [320, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      expect.soft(await overhangs(page), `at ${width} px`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${width}-${colorScheme}.png`) });
    }
    // Pictures in the viewer's styles are part of them.
    origins.delete('null');
    expect([...origins]).toEqual([ord]);
  }
});

test('the viewer looks as the chosen theme does, and is worked by keyboard', async ({ cluster, newVisitor }) => {
  const visitor = await newVisitor({ colorScheme: 'light' });
  const { page } = await visitor.open('ord');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.goto(`${cluster.url('ord')}/api/docs`);
  const call = page.locator('.opblock', { hasText: '/managers/find' });
  const ink = await page.locator('body').evaluate((body) => getComputedStyle(body).color);
  const font = await page.locator('body').evaluate((body) => getComputedStyle(body).fontFamily);

  await expect(call.locator('.opblock-summary-description')).toHaveCSS('color', ink);
  await expect(call.locator('.opblock-summary-description')).toHaveCSS('font-family', font);
  const summary = call.getByRole('button').first();
  await summary.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(summary).toBeFocused();
  await expect(summary).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Enter');
  await expect(page.locator('.opblock.is-open')).toContainText('lng');
});
