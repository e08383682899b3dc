import { ask, player, report, roundsMade } from './support/draw';
import { expect, test } from './support/test';

/** Rounds that come while one watches. */
const QUICK = { DRAW_PLAYERS: '1000', DRAW_EVERY_SECONDS: '2', DRAW_REST_SECONDS: '1' };
/** The first round is far away: everybody has 0 points. */
const CALM = { DRAW_PLAYERS: '1000', DRAW_EVERY_SECONDS: '3600' };

test.describe('before the first round', () => {
  test.use({ settings: CALM, places: ['ord', 'fra'] });

  test('the page reads fully without JavaScript, asks again and looks up', async ({
    cluster,
    newVisitor,
  }) => {
    const page = await (await newVisitor({ javaScriptEnabled: false })).draw('ord');

    await expect(page.two).toContainText('Two players out of 1,000');
    await expect(page.nobody).toContainText('Everyone starts with 0 points');
    await expect(page.nobody).toContainText('on its way');
    await expect(page.round).toHaveText('0');
    await expect(page.before).toHaveText('Previous drawnone: yours is the first');
    await expect(page.lastAsked).toHaveText(/^\d+ \w{3}, \d\d:\d\d:\d\d UTC$/);
    await expect(page.countdown).toHaveText(/^59 min \d+ s$|^1 h 0 min$/);
    await expect(page.nextWords).toHaveText('until round 1 gives everyone new points');
    await expect(page.nextStill).toHaveText('As of page load');
    await expect(page.nextStill).toBeVisible();
    await expect(page.progress).toBeHidden();
    await expect(page.spreadWords).toHaveText('All 1,000 players have 0 points.');
    await expect(page.chart).toBeVisible();
    await page.numbers.click();
    await expect(page.page.getByRole('row', { name: '0 to 9 1,000 100.0%' })).toBeVisible();
    await expect(page.page.getByRole('row', { name: '100 0 0.0%' })).toBeVisible();

    const asked = await page.lastAskedAt();
    await page.find('1,000');
    await expect(page.found).toHaveText('?Player 1,000 has 0 points in round 0.');
    // To look somebody up is not to ask.
    await expect(page.before).toHaveText('Pickedwhen the round started');
    expect(await page.lastAskedAt()).toBe(asked);
    await expect(page.pins).toHaveText(['?Player 1,000: 0 points']);
    await expect(page.player).toHaveValue('1,000');
    await page.drawAgain.click();
    await expect(page.page).toHaveURL(`${cluster.url('ord')}/draw?player=1%2C000&ask=again`);
    await expect(page.before).toHaveText(/Previous draw\d+ \w{3}, \d\d:\d\d:\d\d UTC/);
    await expect(page.found).toBeVisible();
  });

  test('what cannot be looked up is said at the field, without JavaScript', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    watch.allowStatus(404);
    const page = await (await newVisitor({ javaScriptEnabled: false })).drawTab();

    const response = await page.load(cluster.url('ord'), '?player=1001');

    expect(response.status()).toBe(404);
    await expect(page.player).toHaveAttribute('aria-invalid', 'true');
    await expect(page.player).toHaveAccessibleDescription('Enter a number from 1 to 1,000.');
    await expect(page.note).toHaveText('Enter a number from 1 to 1,000.');
    await expect(page.player).toHaveValue('1001');
    await expect(page.found).toBeHidden();
    await expect(page.two).toBeVisible();
  });

  test('queries of other regions show where nobody asked', async ({ cluster, newVisitor }) => {
    const page = await (await newVisitor()).draw('ord');
    await page.markDocument();
    const loaded = await page.lastAskedAt();
    expect(loaded).not.toBeNull();

    // Times are told to the second.
    await expect
      .poll(async () => {
        await ask(cluster.url('fra'));
        return page.lastAskedAt();
      })
      .not.toBe(loaded);

    await expect(page.before).toHaveAttribute('data-kind', 'first');
    await page.drawAgain.click();
    await expect(page.before).toHaveAttribute('data-kind', 'query');
    expect(await page.isMarked()).toBe(true);
  });

  test('times are the reader’s own, and the countdown goes on', async ({ newVisitor }) => {
    const page = await (await newVisitor({ timezoneId: 'Asia/Kathmandu' })).draw('ord');

    const at = new Date((await page.lastAskedAt()) ?? '');
    const there = new Date(at.getTime() + 345 * 60_000).toISOString().slice(11, 19);

    await expect(page.lastAsked).toHaveText(new RegExp(`(^|, )${there}$`));
    const shown = await page.countdown.innerText();
    await expect(page.countdown).not.toHaveText(shown);
    await expect(page.countdown).toHaveText(/^59 min \d+ s$/);
    await expect(page.nextStill).toBeHidden();
  });
});

test.describe('round after round', () => {
  test.use({ settings: QUICK });

  test('a new round shows at once in two regions, the same one', async ({ cluster, newVisitor }) => {
    const pages = [await (await newVisitor()).draw('ord'), await (await newVisitor()).draw('fra')];
    for (const page of pages) await page.markDocument();
    const first = await pages[0].shownRound();

    for (const page of pages) {
      await page.reaches(first + 2, 20_000);
      await expect(page.before).toHaveAttribute('data-kind', 'opening');
      await expect(page.said).toHaveText(/^Now in round \d+: /);
      expect(await page.isMarked()).toBe(true);
    }

    // Those who are shown have these points in that round, whichever region is asked.
    for (const page of pages) {
      await expect(async () => {
        const [round, shown] = [await page.shownRound(), await page.shown()];
        expect(shown.length).toBe(2);
        for (const { id, points } of shown) {
          expect(await player(cluster.url('syd'), id)).toEqual({ id, points, round });
        }
      }).toPass({ timeout: 30_000 });
    }
    const { histogram } = await report(cluster.url('ord'));
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(1000);
    await expect(pages[0].spreadWords).toHaveText(/^1,000 players have \d+\.\d points on average/);
  });

  test('a player who was looked up is shown in each round', async ({ newVisitor }) => {
    const page = await (await newVisitor()).draw('fra');
    const round = async () => Number(/round (\d+)/.exec(await page.found.innerText())?.[1]);
    await page.find('72');
    await expect(page.found).toHaveText(/Player 72 has \d+ points? in round \d+\./);
    const first = await round();

    await expect.poll(round, { timeout: 20_000 }).toBeGreaterThan(first + 1);
    // A round is told once, by those who are shown.
    await expect(page.foundSaid).toBeEmpty();
    // With each round it is away until they are looked up again: one may look in step with that.
    const pin = page.pins.filter({ hasText: 'Player 72:' });
    await expect.poll(() => pin.count(), { intervals: [50], timeout: 20_000 }).toBe(1);
  });

  test('with the maker of rounds killed another goes on', async ({ cluster, watch, newVisitor }) => {
    const places = ['ord', 'fra', 'syd'];
    const made = () => Promise.all(places.map((place) => roundsMade(cluster.url(place))));
    await expect.poll(async () => Math.max(...(await made())), { timeout: 20_000 }).toBeGreaterThan(1);
    const counts = await made();
    const maker = places[counts.indexOf(Math.max(...counts))];
    const other = places.find((place) => place !== maker) ?? '';
    const page = await (await newVisitor()).draw(other);
    await page.markDocument();
    watch.allowRefusals(cluster.url(maker));

    await cluster.kill(maker);
    const last = await page.shownRound();

    await page.reaches(last + 2, 25_000);
    expect(await page.isMarked()).toBe(true);
    await page.is('live');
  });

  test('while Redis is away the last round is shown with its age', async ({
    cluster,
    newVisitor,
  }) => {
    const page = await (await newVisitor()).draw('ord');
    await page.reaches(1, 20_000);

    await cluster.redis.kill();

    await page.knows('away');
    await expect(page.countdown).toHaveText('unknown');
    await expect(page.nextWords).toHaveText(/^Delayed: the servers last heard of round [\d,]+ \d+ s ago\.$/);
    const age = async () => Number(/(\d+) s ago/.exec(await page.nextWords.innerText())?.[1]);
    const before = await age();
    await expect.poll(age).toBeGreaterThan(before);
    // All is answered from memory.
    const turn = await page.said.innerText();
    await page.drawAgain.click();
    await expect(page.said).not.toHaveText(turn);
    await page.find('1');
    await expect(page.found).toContainText('Player 1 has');
    const late = await (await newVisitor()).drawTab();
    expect((await late.load(cluster.url('fra'))).status()).toBe(200);
    await late.knows('away');
    const last = await page.shownRound();

    await cluster.redis.start();

    for (const each of [page, late]) {
      await each.is('live', 20_000);
      await each.reaches(last + 1, 25_000);
      await expect(each.next).not.toHaveAttribute('data-state', 'away');
    }
  });
});

test.describe('many players', () => {
  const settings = { DRAW_PLAYERS: '20000000', DRAW_EVERY_SECONDS: '1', DRAW_REST_SECONDS: '1' };
  test.use({ places: ['ord'], settings });

  test('while a round is made its progress shows', async ({ visitor }) => {
    const page = await visitor.draw('ord');

    // It may pass between two looks of a test.
    await page.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const next = document.querySelector('[data-testid=next]');
      const bar = document.querySelector('progress');
      const look = () => {
        if (bar && !bar.hidden) seen.push(`${next?.getAttribute('data-state')} ${bar.value > 0}`);
      };
      if (next) new MutationObserver(look).observe(next, { attributes: true, subtree: true });
    });

    const seen = () => page.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    await expect.poll(seen, { timeout: 40_000 }).toContain('making true');
    await page.reaches(1, 40_000);
    await expect(page.spreadWords).toContainText('20,000,000 players have 50.0 points on average');
  });
});
