import type { Region } from './support/cluster';
import { type Frame, rewriteReplies } from './support/live_socket';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

const REGIONS = ['ord', 'fra', 'syd', 'nrt', 'gru', 'jnb', 'sin', 'lhr'];
const SCREENS = {
  phone: { width: 375, height: 812 },
  tablet: { width: 768, height: 1024 },
  wide: { width: 1440, height: 900 },
};

test.describe('a busy world', () => {
  test.use({ places: REGIONS });
  // Eight servers, and every page drawn whole.
  test.describe.configure({ timeout: 180_000 });

  test('looks as it should on every screen, by day and by night', async ({
    cluster,
    newVisitor,
  }, info) => {
    const clicks = [412, 231, 137, 96, 58, 31, 9, -4];
    await Promise.all(REGIONS.map((place, at) => cluster.click(place, clicks[at])));
    const guest = await newVisitor();
    for (const place of ['ord', 'fra', 'fra', 'nrt']) await guest.open(place);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [screen, viewport] of Object.entries(SCREENS)) {
        const visitor = await newVisitor({ colorScheme, viewport });
        const page = await visitor.open('fra');
        await page.shows(970);

        const path = info.outputPath(`${screen}-${colorScheme}.png`);
        await page.page.screenshot({ path, fullPage: true });
        await visitor.context.close();
      }
    }
  });

  test('no width makes the page scroll sideways', async ({ cluster, visitor }, info) => {
    await cluster.click('ord', 123);
    const page = await visitor.tab('fra');
    await rewriteReplies(page.page, manyClicks);
    await page.load();
    await page.shows(1_230_000);

    for (const width of [320, 375, 768, 1440, 2560]) {
      await page.page.setViewportSize({ width, height: 800 });
      expect(await overhangs(page.page), `at ${width} px`).toEqual([]);
      await page.page.screenshot({ path: info.outputPath(`${width}.png`), fullPage: true });
    }

    // With everything that the page may have to say.
    await page.page.setViewportSize({ width: 320, height: 800 });
    await cluster.redis.kill();
    await page.is('stale');
    await page.click(1);
    await expect(page.waiting).toBeVisible();
    expect(await overhangs(page.page), 'at 320 px, stale').toEqual([]);
    await page.page.screenshot({ path: info.outputPath('320-stale.png'), fullPage: true });
  });
});

test('beside a region below zero, clicks have bars both ways and no shares', async ({
  cluster,
  visitor,
}, info) => {
  await cluster.click('ord', 60);
  await cluster.click('fra', 30);
  const page = await visitor.open('ord');
  await page.shows(90);
  const share = (code: string) => page.row(code).locator('[data-cell="share"]');
  await expect(share('ord')).toHaveText('66.7%');
  await expect(share('fra')).toHaveText('33.3%');

  await cluster.click('syd', -20);

  await page.shows(70);
  await expect(page.regions.getByRole('columnheader', { name: 'Balance' })).toBeVisible();
  await expect(page.regions.getByText('%').filter({ visible: true })).toHaveCount(0);
  const bar = async (code: string) => {
    const part = (element: Element) => element.getBoundingClientRect();
    const track = await share(code).locator('svg').evaluate(part);
    const fill = await share(code).locator('rect').evaluate(part);
    const of = (x: number) => Math.round(((x - track.left) / track.width) * 100);
    return [of(fill.left), of(fill.right)];
  };
  await expect.poll(() => bar('ord')).toEqual([50, 100]);
  await expect.poll(() => bar('fra')).toEqual([50, 75]);
  await expect.poll(() => bar('syd')).toEqual([33, 50]);
  await page.page.screenshot({ path: info.outputPath('balance.png'), fullPage: true });
});

/** A world in which every region has ten thousand times the clicks. */
function manyClicks(frame: Frame): Frame {
  if (frame.topic !== 'world') return frame;
  const state = frame.state as { regions: Region[] };
  const regions = state.regions.map((it) => ({ ...it, clicks: it.clicks * 10_000 }));
  return { ...frame, state: { ...state, regions } };
}
