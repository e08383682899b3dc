import { answerInstead, making, news, tellInstead } from './support/draw';
import type { DrawPage } from './support/draw_page';
import { expect, test } from './support/test';

const ANN = { id: 733_201, points: 87 };
const BO = { id: 5, points: 93 };
const CY = { id: 99_999, points: 60 };

// The first round is far away: what comes is told by the tests.
test.use({ places: ['ord'], settings: { DRAW_PLAYERS: '1000', DRAW_EVERY_SECONDS: '3600' } });

/** A page that runs, and what tells it news. */
async function open(page: DrawPage, server: string) {
  const tell = await tellInstead(page.page);
  await page.load(server);
  await page.settles();
  return tell;
}

test('asking again shows others in their place, and says so', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  await page.markDocument();
  tell(news(7, [ANN, BO]));
  await page.shows([ANN, BO]);
  await expect(page.said).toHaveText(
    'Now in round 7: player 733,201 with 87 points and player 5 with 93 points.',
  );
  let pass = () => {};
  const held = new Promise<void>((resolve) => (pass = resolve));
  let asked = 0;
  await page.page.route('**/api/max-two', async (route) => {
    asked += 1;
    await held;
    const json = { users: [CY], timestamp: '2026-11-21 11:59:58' };
    await route.fulfill({ json, headers: { 'Draw-Round': '7' } });
  });

  await page.drawAgain.focus();
  await page.page.keyboard.press('Enter');
  await expect(page.two).toHaveAttribute('data-request', 'pending');
  await expect(page.drawAgain).toHaveText('Drawing…');
  await page.page.keyboard.press('Enter');
  await page.shows([ANN, BO]);
  pass();

  await page.shows([CY]);
  await expect(page.nobody).toContainText('No one else');
  await expect(page.said).toHaveText('In round 7: only player 99,999 with 60 points.');
  await expect(page.before.locator('time')).toHaveAttribute('datetime', '2026-11-21T11:59:58Z');
  await expect(page.drawAgain).toBeFocused();
  await expect(page.drawAgain).toHaveText('Draw again');
  expect(asked).toBe(1);
  expect(await page.isMarked()).toBe(true);
});

test('an answer of an older round is passed over', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  tell(news(7, [ANN]));
  await page.shows([ANN]);
  let pass = () => {};
  const held = new Promise<void>((resolve) => (pass = resolve));
  await page.page.route('**/api/max-two', async (route) => {
    await held;
    await route.fulfill({ json: { users: [CY], timestamp: null }, headers: { 'Draw-Round': '7' } });
  });

  await page.drawAgain.click();
  tell(news(8, [BO]));
  await page.shows([BO]);
  pass();

  await expect(page.two).toHaveAttribute('data-request', 'idle');
  await page.shows([BO]);
  await expect(page.round).toHaveText('8');
});

test('an answer that is ahead of the news stays', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  tell(news(7, [ANN]));
  await page.shows([ANN]);
  await answerInstead(page.page, 8, [CY]);

  await page.drawAgain.click();
  await page.shows([CY]);
  // Marked are those of the chart's own round.
  await expect(page.pins).toHaveCount(0);
  tell(news(8, [BO]));

  await expect(page.pins).toHaveText(['1Player 99,999: 60 points']);
  await page.shows([CY]);
});

test('it says why nobody could be asked, and keeps those who are shown', async ({
  cluster,
  watch,
  visitor,
}) => {
  watch.allowStatus(503);
  watch.allowRefusals(cluster.url('ord'));
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  tell(news(7, [ANN, BO]));
  await page.shows([ANN, BO]);
  const problem = { status: 503, type: 'draw-starting', title: 'Not yet', detail: 'In a second.' };

  await page.page.route('**/api/max-two', (route) =>
    route.fulfill({ status: 503, json: problem, contentType: 'application/problem+json' }),
  );
  await page.drawAgain.click();
  await expect(page.drawProblem).toHaveText('Not yet. In a second.');
  await expect(page.drawProblem).toHaveRole('status');

  await page.page.unroute('**/api/max-two');
  await page.page.route('**/api/max-two', (route) => route.abort('connectionreset'));
  await page.drawAgain.click();
  await expect(page.drawProblem).toHaveText('The server did not answer. Try again.');

  await page.page.unroute('**/api/max-two');
  await visitor.context.setOffline(true);
  await page.drawAgain.click();
  await expect(page.drawProblem).toHaveText('You are offline. Try again when you are back online.');
  await expect(page.two).toHaveAttribute('data-request', 'offline');
  await page.shows([ANN, BO]);
  await visitor.context.setOffline(false);

  await answerInstead(page.page, 7, [CY, BO]);
  await page.drawAgain.click();
  await page.shows([CY, BO]);
  await expect(page.drawProblem).toHaveText('');
});

test('nobody and one are told kindly', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));

  tell(news(7, []));
  await expect(page.nobody).toContainText('No one this time');
  await expect(page.players).toHaveCount(0);
  tell(news(8, [ANN]));
  await expect(page.nobody).toContainText('Only this player');
  tell(news(9, [ANN, BO]));
  await expect(page.nobody).toBeHidden();
});

test('the next round is told as far as it is known', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));

  tell(news(7, [ANN]));
  await page.knows('waiting');
  await expect(page.countdown).toHaveText(/^4\d s$/);
  await expect(page.progress).toBeHidden();

  tell({ ...news(7, [ANN]), next_in_ms: 1_500 });
  await page.knows('soon');
  await expect(page.countdown).toHaveText('any moment');

  tell(making(7, 40, [ANN]));
  await page.knows('making');
  await expect(page.progress).toHaveJSProperty('value', 40);
  await expect(page.countdown).toHaveText('40 %');
  await expect(page.nextWords).toContainText('Making round 8');

  tell(news(7, [ANN], { age_ms: 12_000 }));
  await page.knows('away');
  await expect(page.progress).toBeHidden();
  await expect(page.nextWords).toHaveText(/^Delayed: the servers last heard of round 7 1\d s ago\.$/);

  tell(news(8, [BO]));
  await page.knows('waiting');
  await expect(page.nextWords).toHaveText('until round 9 gives everyone new points');
});

test('a lost connection stops the countdown', async ({ cluster, watch, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  tell(news(7, [ANN]));
  await page.knows('waiting');
  watch.allowRefusals(cluster.url('ord'));

  await cluster.kill('ord');

  await page.is('offline', 20_000);
  await page.knows('lost');
  await expect(page.countdown).toHaveText('unknown');
  await expect(page.nextWords).toHaveText('No connection: round 7 is the last this page knows.');
  await page.shows([ANN]);
  await cluster.start('ord');
  await page.is('live', 20_000);
});

test('a player is looked up in place, and what is none is said at the field', async ({
  cluster,
  watch,
  visitor,
}) => {
  const page = await visitor.draw('ord');
  await page.markDocument();
  // It is there before there is something to say: else some readers say nothing.
  await expect(page.foundSaid).toHaveRole('status');
  await expect(page.foundSaid).toBeEmpty();

  await page.player.fill('1 000');
  await page.player.press('Enter');
  await expect(page.found).toHaveText('?Player 1,000 has 0 points in round 0.');
  await expect(page.foundSaid).toHaveText('Player 1,000 has 0 points in round 0.');
  await expect(page.pins).toHaveText(['?Player 1,000: 0 points']);

  for (const none of ['0', '1001', 'wren', '1.5']) {
    await page.player.fill(none);
    await page.player.press('Enter');
    await expect(page.player).toHaveAttribute('aria-invalid', 'true');
    await expect(page.player).toHaveAccessibleDescription('Enter a number from 1 to 1,000.');
    await expect(page.player).toBeFocused();
    await expect(page.found).toBeHidden();
    await expect(page.foundSaid).toBeEmpty();
    await expect(page.page).toHaveURL(`${cluster.url('ord')}/draw?player=${none}`);
    await expect(page.pins).toHaveCount(0);
  }

  await page.find('7');
  await expect(page.player).not.toHaveAttribute('aria-invalid');
  await expect(page.note).toHaveText('');
  await expect(page.found).toContainText('Player 7 has');

  await page.page.reload();
  await page.settles();
  await expect(page.found).toContainText('Player 7 has');
  await expect(page.foundSaid).toBeEmpty();
  await page.markDocument();

  watch.allowRefusals(cluster.url('ord'));
  await page.page.route('**/api/players/*', (route) => route.abort('connectionreset'));
  await page.find('8');
  await expect(page.note).toHaveText('The server did not answer. Try again.');
  expect(await page.isMarked()).toBe(true);
});

test('a player who was looked up follows where the draw begins anew', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const tell = await open(page, cluster.url('ord'));
  let known = { id: 72, points: 30, round: 1_000 };
  await page.page.route('**/api/players/72', (route) => route.fulfill({ json: known }));
  tell(news(1_000, [ANN]));
  await page.shows([ANN]);
  await page.find('72');
  await expect(page.found).toHaveText('?Player 72 has 30 points in round 1,000.');

  known = { id: 72, points: 12, round: 3 };
  tell(news(3, [BO]));

  await page.shows([BO]);
  await expect(page.found).toHaveText('?Player 72 has 12 points in round 3.');
});
