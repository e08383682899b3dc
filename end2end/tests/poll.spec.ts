import { interceptReplies, makeCuttable, swallowLater } from './support/live_socket';
import { readCode } from './support/qr';
import { expect, test } from './support/test';

/** In which a page must get along without a socket, or send what the one before left. */
const PATIENT_MS = 30_000;
const QUESTION = 'When do we fly?';
const OPTIONS = ['Dawn', 'Noon', 'Dusk'];

test.use({ places: ['ord', 'fra'] });

test('people of two regions vote, with and without JavaScript, and all see it', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  await expect(maker.asked).toHaveText(QUESTION);
  await maker.shows(0, 0, 0);
  await maker.markDocument();

  const ann = await (await newVisitor()).poll('fra', maker.code);
  await ann.markDocument();
  await expect(ann.page.getByTestId('served-region')).toHaveText('Frankfurt (fra)');
  const bo = await (await newVisitor({ javaScriptEnabled: false })).poll('fra', maker.code);
  await ann.vote('Dusk');
  await bo.vote('Noon');

  await expect(bo.page).toHaveURL(new RegExp(`/poll/${maker.code}$`));
  for (const page of [maker, ann, bo]) await page.shows(0, 1, 1);
  await ann.chose('Dusk');
  await bo.chose('Noon');
  await maker.chose();

  await ann.vote('Dawn');
  await bo.vote('Dawn');
  await maker.vote('Noon');
  for (const page of [maker, ann]) await page.shows(2, 1, 0);

  await ann.withdraw.click();
  await bo.withdraw.click();
  for (const page of [maker, ann, bo]) await page.shows(0, 1, 0);
  await ann.chose();
  await expect(ann.withdraw).toBeHidden();
  for (const page of [maker, ann]) expect(await page.isMarked()).toBe(true);
});

for (const javaScriptEnabled of [true, false]) {
  test(`its maker closes it, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({ newVisitor }) => {
    const maker = await (await newVisitor({ javaScriptEnabled })).ask('ord', QUESTION, OPTIONS);
    const ann = await (await newVisitor()).poll('fra', maker.code);
    await expect(ann.close).toBeHidden();
    await ann.vote('Noon');
    await ann.shows(0, 1, 0);

    await maker.closeNow();

    for (const page of [maker, ann]) {
      await expect(page.words).toHaveText(/^The poll is closed\. 1 vote\./);
      await expect(page.option('Dawn')).toBeDisabled();
      await expect(page.withdraw).toBeHidden();
      await expect(page.close).toBeHidden();
    }
    await ann.chose('Noon');
    await ann.page.reload();
    await expect(ann.words).toHaveText(/^The poll is closed\. 1 vote\./);
  });
}

test('a person has one vote in all tabs', async ({ newVisitor }) => {
  const person = await newVisitor();
  const one = await person.ask('ord', QUESTION, OPTIONS);
  const two = await person.poll('fra', one.code);

  await one.vote('Dawn');
  await two.chose('Dawn');
  await two.vote('Dusk');

  for (const page of [one, two]) {
    await page.shows(0, 0, 1);
    await page.chose('Dusk');
    await expect(page.close).toBeVisible();
  }
});

test('a vote shows at once and counts once', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const visitor = await newVisitor();
  const voter = await visitor.pollTab();
  const replies = await interceptReplies(voter.page);
  await voter.page.goto(maker.page.url());
  await voter.settles();

  replies.hold();
  await voter.vote('Dawn');
  await voter.shows(1, 0, 0);
  await voter.chose('Dawn');
  await maker.shows(1, 0, 0);
  await maker.vote('Dusk');
  await maker.shows(1, 0, 1);
  await voter.vote('Noon');
  await voter.shows(0, 1, 0);
  await maker.shows(0, 1, 1);

  replies.release();
  await voter.shows(0, 1, 1);
  await voter.chose('Noon');
});

test('a vote whose answer is lost with the socket counts once', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const visitor = await newVisitor();
  const voter = await visitor.pollTab();
  const socket = await makeCuttable(voter.page);
  await voter.page.goto(maker.page.url());
  await voter.settles();
  await voter.markDocument();

  socket.loseReplies();
  await voter.vote('Dawn');
  await maker.shows(1, 0, 0);
  socket.cut();
  await voter.is('reconnecting');
  await voter.vote('Dusk');
  await voter.shows(0, 0, 1);

  await voter.is('live');
  await maker.shows(0, 0, 1);
  await voter.shows(0, 0, 1);
  await voter.chose('Dusk');
  await expect(voter.waits).toHaveText('');
  expect(await voter.isMarked()).toBe(true);
});

test('a vote that comes too late is taken back, and the page says why', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const visitor = await newVisitor();
  const voter = await visitor.pollTab();
  const replies = await interceptReplies(voter.page);
  await voter.page.goto(maker.page.url());
  await voter.settles();

  replies.hold();
  await maker.closeNow();
  await expect(maker.words).toHaveText('The poll is closed. 0 votes.');
  await voter.vote('Dawn');
  await voter.shows(1, 0, 0);
  replies.release();

  await expect(voter.notice).toContainText('This poll is closed');
  await expect(voter.words).toHaveText('The poll is closed. 0 votes.');
  await voter.chose();
});

test('a vote that its page is left with counts on the next page', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const visitor = await newVisitor();
  const voter = await visitor.pollTab();
  const swallow = await swallowLater(voter.page);
  // No route sees what is sent on the way out.
  await voter.page.addInitScript(() => Object.assign(navigator, { sendBeacon: () => true }));
  await voter.page.route('**/live', (route) => route.abort());
  await voter.page.goto(maker.page.url());
  await voter.settles();

  swallow();
  await voter.vote('Noon');
  await voter.navigation.getByRole('link', { name: 'Draw', exact: true }).click();
  await voter.is('live');
  await voter.page.unroute('**/live');

  await expect(maker.words).toHaveText(/^1 vote\./, { timeout: PATIENT_MS });
  await maker.shows(0, 1, 0);
  const left = () => voter.page.evaluate(() => Object.keys(localStorage));
  await expect.poll(left, { timeout: PATIENT_MS }).toEqual([]);
});

test('where sockets are blocked, votes count, and others show', async ({ newVisitor }) => {
  test.slow();
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const visitor = await newVisitor();
  const voter = await visitor.pollTab();
  await voter.page.routeWebSocket('**/live', (socket) => void socket.close());
  await voter.page.goto(maker.page.url());
  await voter.is('polling', PATIENT_MS);

  await voter.vote('Dawn');
  await maker.shows(1, 0, 0);
  await maker.vote('Dusk');
  await voter.shows(1, 0, 1);
  await voter.vote('Dusk');
  await maker.shows(0, 0, 2);
  await voter.shows(0, 0, 2);
  await voter.chose('Dusk');
});

for (const javaScriptEnabled of [true, false]) {
  test(`a refused question keeps what was typed, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    watch,
    newVisitor,
  }) => {
    watch.allowStatus(422);
    const poll = await (await newVisitor({ javaScriptEnabled })).poll('ord');

    await poll.ask(QUESTION, ['Dawn', 'Dawn']);

    await expect(poll.problem).toContainText('Two options are the same');
    await expect(poll.question).toHaveValue(QUESTION);
    await expect(poll.options.nth(1)).toHaveValue('Dawn');
    await poll.options.nth(1).fill('Dusk');
    await poll.create.click();
    await expect(poll.asked).toHaveText(QUESTION);
  });
}

test('its maker finds it again, and nobody else', async ({ newVisitor }) => {
  const person = await newVisitor();
  const first = await person.ask('ord', QUESTION, OPTIONS);
  await person.ask('fra', 'Who comes <along>?', ['I', 'You']);

  const polls = await person.poll('fra');
  await expect(polls.ownPolls).toHaveText(['Who comes <along>?', QUESTION]);
  await polls.ownPolls.nth(1).click();
  await expect(polls.page).toHaveURL(new RegExp(`/poll/${first.code}$`));
  await expect(polls.page).toHaveTitle(`${QUESTION} · Murmuration`);
  await expect(polls.page.locator('meta[name="robots"]')).toHaveAttribute('content', 'noindex');

  await expect((await (await newVisitor()).poll('ord')).ownPolls).toHaveCount(0);
});

test('its link is shared', async ({ cluster, visitor }) => {
  const poll = await visitor.ask('fra', QUESTION, OPTIONS);
  const link = `${cluster.url('fra')}/poll/${poll.code}`;

  await expect(poll.link).toHaveValue(link);
  expect(await readCode(poll.qrCode)).toBe(link);
});

test('a poll that is not there says so', async ({ cluster, watch, visitor }) => {
  watch.allowStatus(404);
  const { page } = await visitor.pollTab();

  const answer = await page.goto(`${cluster.url('ord')}/poll/k7m2q9xwtb`);

  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 }).filter({ visible: true })).toHaveText('There is no such poll');
});

test('while Redis is away a vote waits, and counts when it is back', async ({ cluster, newVisitor }) => {
  test.slow();
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const ann = await (await newVisitor()).poll('fra', maker.code);

  await cluster.redis.kill();
  await ann.is('stale', PATIENT_MS);
  await ann.vote('Dusk');
  await ann.shows(0, 0, 1);
  await expect(ann.waits).toContainText('Not saved yet');

  await cluster.redis.start();
  await ann.is('live', PATIENT_MS);
  await expect(ann.waits).toHaveText('', { timeout: PATIENT_MS });
  await maker.shows(0, 0, 1);
  await ann.shows(0, 0, 1);
});

test('a screen reader is told how the poll stands, not every vote', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  await expect(maker.news).toHaveText('');

  for (const name of ['Dawn', 'Noon', 'Dusk']) {
    await (await (await newVisitor({ javaScriptEnabled: false })).poll('fra', maker.code)).vote(name);
  }
  await maker.vote('Dusk');

  await expect(maker.news).toHaveText(/^4 votes\. Dusk leads with 50\.0%\.\s?$/, { timeout: 15_000 });
});
