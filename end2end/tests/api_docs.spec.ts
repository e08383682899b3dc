import type { Page } from '@playwright/test';
import { violations } from './support/axe';
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
    // Pictures in the viewer's styles are part of them.
    origins.delete('null');
    expect([...origins]).toEqual([ord]);
  }
});
