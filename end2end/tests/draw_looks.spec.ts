import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { type News, answerInstead, making, news, tellInstead } from './support/draw';
import type { DrawPage } from './support/draw_page';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

const ANN = { id: 733_201, points: 87 };
const BO = { id: 100_000_000, points: 100 };

/** What the page may have to show. */
const STATES: Record<string, News> = {
  two: news(26_532, [ANN, BO]),
  one: news(26_533, [ANN]),
  nobody: news(26_534, []),
  making: making(26_535, 40, [BO, ANN]),
  away: news(26_536, [ANN, BO], { age_ms: 12_000 }),
};

// The first round is far away: what comes is told by the tests.
test.use({ places: ['ord'], settings: { DRAW_PLAYERS: '1000', DRAW_EVERY_SECONDS: '3600' } });

/** A page that runs, and what tells it news. */
async function open(page: DrawPage, server: string) {
  const tell = await tellInstead(page.page);
  await page.page.route('**/api/players/*', (route) =>
    route.fulfill({ json: { id: 72, points: 12, round: 26_536 } }),
  );
  await page.load(server);
  await page.settles();
  return async (state: News) => {
    tell(state);
    await page.reaches(state.report.round);
    await page.shows(state.opening);
  };
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, width] of Object.entries({ wide: 1280, phone: 360 })) {
    test(`axe finds nothing on a ${screen} screen in ${colorScheme}`, async ({
      cluster,
      newVisitor,
    }, info) => {
      const visitor = await newVisitor({ colorScheme, viewport: { width, height: 900 } });
      const page = await visitor.drawTab();
      const show = await open(page, cluster.url('ord'));
      await page.numbers.click();
      for (const [name, state] of Object.entries(STATES)) {
        await show(state);
        expect(await violations(page.page), name).toEqual([]);
        const path = info.outputPath(`${name}.png`);
        await page.page.screenshot({ path, fullPage: true });
      }

      await page.find('72');
      await expect(page.found).toBeVisible();
      expect(await violations(page.page), 'found').toEqual([]);
      await page.find('0');
      await expect(page.note).toHaveText(/^Enter a number from 1 to [\d,]+\.$/);
      expect(await violations(page.page), 'refused').toEqual([]);
      await page.page.screenshot({ path: info.outputPath('refused.png'), fullPage: true });
    });
  }
}

test('no width makes the page scroll sideways', async ({ cluster, visitor }, info) => {
  const page = await visitor.drawTab();
  const show = await open(page, cluster.url('ord'));
  await page.numbers.click();
  await page.find('72');
  const many = Array.from({ length: 101 }, () => 990_099);
  const large = { players: 100_000_000, histogram: many };
  for (const [name, state] of Object.entries(STATES)) {
    await show({ ...state, report: { ...state.report, ...large } });
    for (const width of [320, 375, 768, 1100, 1440, 2560]) {
      await page.page.setViewportSize({ width, height: 800 });
      expect(await overhangs(page.page), `${name} at ${width} px`).toEqual([]);
      const cut = await page.page.evaluate(() => {
        const boxes = [...document.querySelectorAll('main form, main li, main .empty-slot, nav')];
        return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.outerHTML);
      });
      expect(cut, `${name} at ${width} px`).toEqual([]);
      await page.page.screenshot({ path: info.outputPath(`${name}-${width}.png`), fullPage: true });
    }
  }
});

test('everything is reached and worked by keyboard, and shows its focus', async ({
  cluster,
  visitor,
}) => {
  const page = await visitor.drawTab();
  const show = await open(page, cluster.url('ord'));
  await show(STATES.two);
  await answerInstead(page.page, 26_532, [BO]);
  const keyboard = page.page.keyboard;
  await page.page.getByRole('link', { name: 'Poll', exact: true }).focus();
  const stops = [
    page.drawAgain,
    page.ownButton,
    page.player,
    page.lookUp,
    page.numbers,
    page.page.getByRole('link', { name: 'the API' }),
  ];
  for (const stop of stops) {
    await keyboard.press('Tab');
    await expect(stop).toBeFocused();
    await expect(stop).toBeInViewport();
    await expect(stop).toHaveCSS('outline-style', 'solid');
    await expect(stop).toHaveCSS('outline-width', '3px');
  }

  await page.drawAgain.focus();
  await keyboard.press('Space');
  await page.shows([BO]);
  await page.player.focus();
  await keyboard.type('72');
  await keyboard.press('Enter');
  await expect(page.found).toContainText('Player 72 has 12 points');
  await expect(page.player).toBeFocused();
  await page.numbers.focus();
  await keyboard.press('Enter');
  await expect(page.page.getByRole('columnheader', { name: 'Share' })).toBeVisible();
});

test('the skip link leads to the draw', async ({ visitor }) => {
  const page = await visitor.draw('ord');

  await page.page.keyboard.press('Tab');
  await page.page.keyboard.press('Enter');

  await page.page.keyboard.press('Tab');
  await expect(page.drawAgain).toBeFocused();
});

test('those who come move only for those who want motion', async ({ cluster, newVisitor }) => {
  const names = (page: Page) =>
    page.evaluate(() => {
      const animations = document.getAnimations() as CSSAnimation[];
      return animations.map(({ animationName }) => animationName);
    });
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const page = await (await newVisitor({ reducedMotion })).drawTab();
    const show = await open(page, cluster.url('ord'));
    await page.page.evaluate(() => {
      const begun: string[] = [];
      Object.assign(window, { begun });
      addEventListener('animationstart', ({ animationName }) => begun.push(animationName));
    });

    await show(STATES.two);

    const begun = () => page.page.evaluate(() => (window as unknown as { begun: string[] }).begun);
    if (reducedMotion === 'reduce') expect(await names(page.page)).toEqual([]);
    else await expect.poll(begun).toContain('player-comes');
  }
});

test('forced colours and paper keep everything', async ({ cluster, newVisitor }, info) => {
  const page = await (await newVisitor({ forcedColors: 'active' })).drawTab();
  const show = await open(page, cluster.url('ord'));
  for (const name of ['two', 'making']) {
    await show(STATES[name]);
    await page.page.screenshot({ path: info.outputPath(`forced-${name}.png`), fullPage: true });
  }

  await page.page.emulateMedia({ media: 'print', forcedColors: 'none' });
  await expect(page.players).toHaveCount(2);
  await expect(page.chart).toBeVisible();
  await page.page.screenshot({ path: info.outputPath('print.png'), fullPage: true });
});
