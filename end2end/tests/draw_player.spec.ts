// A visitor who is one of the players.

import { violations } from './support/axe';
import { player } from './support/draw';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.describe('round after round', () => {
  const settings = { DRAW_PLAYERS: '1000', DRAW_EVERY_SECONDS: '4', DRAW_REST_SECONDS: '1' };
  test.use({ places: ['ord', 'fra'], settings });

  test('a number stays, and its points come with each round', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const visitor = await newVisitor();
    const page = await visitor.draw('ord');
    await page.reaches(1, 20_000);
    await expect(page.ownPoints).toBeHidden();
    await expect(page.ownWords).toContainText('Take part');

    await page.ownButton.click();

    await expect(page.ownPoints).toContainText('You are player 1:');
    await expect(page.ownButton).toHaveText('Stop playing');
    await page.page.reload();
    await page.settles();
    await expect(page.ownPoints).toContainText('You are player 1:');
    const elsewhere = await visitor.draw('fra');
    await expect(elsewhere.ownPoints).toContainText('You are player 1:');
    const other = await (await newVisitor()).draw('fra');
    await other.ownButton.click();
    await expect(other.ownPoints).toContainText('You are player 2:');

    for (const each of [page, elsewhere]) {
      await each.markDocument();
      const first = (await each.own()).round;
      await expect.poll(async () => (await each.own()).round, { timeout: 25_000 }).toBeGreaterThan(first + 1);
      expect(await each.isMarked()).toBe(true);
      // As any server tells them of the same round.
      await expect(async () => {
        const own = await each.own();
        expect(await player(cluster.url('ord'), own.id)).toEqual(own);
      }).toPass({ timeout: 20_000 });
      await expect(each.ownWords).toHaveText(/^(That is|You were drawn!)/);
    }
    // With each round it is away until the points are there: one may look in step with that.
    const pin = page.pins.filter({ hasText: 'Player 1:' });
    await expect.poll(() => pin.count(), { intervals: [50], timeout: 20_000 }).toBeGreaterThan(0);

    // What the other page is told once it is no player's.
    watch.allowStatus(404);
    await page.ownButton.click();

    await expect(page.ownPoints).toBeHidden();
    await expect(page.ownWords).toContainText('Take part');
    // The other page learns of it with its next round.
    await expect(elsewhere.ownWords).toContainText('You are not a player', { timeout: 20_000 });
    await expect(elsewhere.ownButton).toHaveText('Become a player');
  });

  test('who is drawn is told so', async ({ newVisitor }) => {
    const page = await (await newVisitor()).draw('ord');
    await page.reaches(1, 20_000);
    await page.ownButton.click();
    await expect(page.ownPoints).toBeVisible();
    await page.page.route('**/api/max-two', async (route) => {
      const { id, points, round } = await page.own();
      const json = { users: [{ id, points }], timestamp: null };
      await route.fulfill({ json, headers: { 'Draw-Round': `${round}` } });
    });

    await expect(async () => {
      await page.drawAgain.click();
      await expect(page.ownWords).toContainText('You were drawn!', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
  });
});

test.describe('before the first round', () => {
  test.use({
    places: ['ord', 'fra'],
    settings: { DRAW_PLAYERS: '2', DRAW_EVERY_SECONDS: '3600' },
  });

  test('one takes part and stops without JavaScript', async ({ newVisitor }) => {
    const visitor = await newVisitor({ javaScriptEnabled: false });
    const page = await visitor.draw('ord');

    await page.ownButton.click();

    await expect(page.page).toHaveURL(/\/draw#own$/);
    await expect(page.ownPoints).toHaveText('★You are player 1: 0 points in round 0.');
    await expect(page.ownWords).toContainText('on its way');
    await expect(page.pins).toHaveText(['★Player 1: 0 points']);
    const elsewhere = await visitor.draw('fra');
    await expect(elsewhere.ownPoints).toContainText('You are player 1:');
    await page.ownButton.click();
    await expect(page.ownPoints).toBeHidden();
    await expect(page.ownButton).toHaveText('Become a player');
  });

  test('once all numbers are given they begin again', async ({ newVisitor }) => {
    for (const number of [1, 2, 1]) {
      const page = await (await newVisitor()).draw('ord');
      await page.ownButton.click();
      await expect(page.ownPoints).toContainText(`You are player ${number}:`);
    }
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing, and nothing hangs over, in ${colorScheme}`, async ({ newVisitor }) => {
      const page = await (await newVisitor({ colorScheme })).draw('ord');
      expect(await violations(page.page)).toEqual([]);

      await page.ownButton.click();

      await expect(page.ownPoints).toBeVisible();
      await page.settles();
      for (const width of [320, 768, 1100, 1920]) {
        await page.page.setViewportSize({ width, height: 900 });
        expect(await violations(page.page), `${width}`).toEqual([]);
        expect(await overhangs(page.page), `${width}`).toEqual([]);
      }
    });
  }

  test('without Redis nobody becomes a player, and the page says why', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    watch.allowStatus(503);
    const page = await (await newVisitor({ javaScriptEnabled: false })).draw('ord');
    await cluster.redis.kill();

    await page.ownButton.click();

    await expect(page.ownWords).toContainText('cannot reach their storage');
    await expect(page.ownButton).toHaveText('Become a player');
  });
});
