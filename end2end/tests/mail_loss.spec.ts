import type { Page } from '@playwright/test';
import { Door } from './support/door';
import { Mailbox, sendLetters } from './support/mail';
import { expect, test } from './support/test';

/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 30_000;

/** Lets letters reach the server, and none of its answers the page; settles as the first one does. */
async function loseAnswers(page: Page): Promise<{ first: Promise<void>; mend(): void }> {
  let note = () => {};
  const first = new Promise<void>((resolve) => (note = resolve));
  let isMended = false;
  await page.route('**/api/messages', async (route) => {
    if (isMended) return route.continue();
    await route.fetch().then(note, () => {});
    await route.abort('connectionreset');
  });
  const mend = () => {
    isMended = true;
  };
  return { first, mend };
}

test.describe.configure({ timeout: 120_000 });

test('a letter whose answer got lost with its server is there once', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  const finch = await (await newVisitor()).named('fra', 'finch');
  const wren = await visitor.mail('ord', 'fra-finch');
  watch.allowRefusals(cluster.url('ord'));
  const answers = await loseAnswers(wren.page);

  await wren.say('Did you get this?');
  await answers.first;
  await cluster.kill('ord');

  await finch.hasUnread('ord-wren', 1);
  await wren.shows(['You: Did you get this?']);
  answers.mend();
  await cluster.start('ord');
  await wren.is('live', BACK_MS);
  await wren.isAt('Did you get this?', 'delivered', BACK_MS);
  await wren.shows(['You: Did you get this?']);
  await wren.page.reload();
  await wren.shows(['You: Did you get this?']);
  await finch.hasUnread('ord-wren', 1);
});

test('letters that are written while the server is killed come once, in order', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  const finches = await newVisitor();
  await finches.named('fra', 'finch');
  const finch = await finches.mail('fra', 'ord-wren');
  const wren = await visitor.mail('ord', 'fra-finch');
  watch.allowRefusals(cluster.url('ord'));
  const texts = Array.from({ length: 12 }, (_, at) => `letter ${at + 1}`);

  const write = async () => {
    for (const text of texts) await wren.say(text);
  };
  await Promise.all([write(), cluster.kill('ord')]);
  await wren.shows(texts.map((text) => `You: ${text}`));
  await sendLetters(cluster.url('fra'), 'syd-teal', 'ord-wren', ['meanwhile']);
  await wren.is('offline', BACK_MS);
  await cluster.start('ord');

  await finch.shows(texts.map((text) => `wren: ${text}`), BACK_MS);
  await wren.is('live', BACK_MS);
  await wren.shows(texts.map((text) => `You: ${text}`));
  for (const text of texts) await wren.isAt(text, 'delivered');
  await wren.hasUnread('syd-teal', 1);
  await wren.page.reload();
  await wren.settles();
  await wren.shows(texts.map((text) => `You: ${text}`));
});

test('a page that is loaded again sends what it had not, once', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  await Mailbox.claim(cluster.url('fra'), 'fra-finch');
  const wren = await visitor.mail('ord', 'fra-finch');
  watch.allowRefusals(cluster.url('ord'));
  const answers = await loseAnswers(wren.page);

  await wren.say('one');
  await answers.first;
  await wren.say('two');
  await wren.reply.fill('half a thou');
  await wren.isAt('two', 'sending');
  answers.mend();
  await wren.page.reload();
  await wren.settles();

  await wren.isAt('two', 'delivered');
  await wren.shows(['You: one', 'You: two']);
  await expect(wren.reply).toHaveValue('half a thou');
});

test.describe('behind one address', () => {
  const throughDoor = test.extend<{ door: Door }>({
    door: async ({ cluster, watch }, use, info) => {
      const door = await Door.open(info.parallelIndex, cluster.url('ord'));
      watch.allowRefusals(door.url);
      await use(door);
      door.shut();
    },
  });
  throughDoor.use({ places: ['ord', 'ord#2', 'fra'] });

  // The door is named first: it shuts after the pages that came through it.
  throughDoor('another instance goes on where one was killed', async ({ door, cluster, newVisitor }) => {
    const wren = await (await newVisitor()).mailTab();
    await wren.page.goto(`${door.url}/mail`);
    await wren.take('wren');
    const finch = await (await newVisitor()).named('fra', 'finch');
    await wren.write('fra-finch', 'before');
    await wren.markDocument();
    const answers = await loseAnswers(wren.page);
    await wren.say('in between');
    await answers.first;

    door.leadTo(cluster.url('ord#2'));
    await cluster.kill('ord');
    answers.mend();
    await finch.open('ord-wren');
    await finch.say('Are you there?');

    const said = ['You: before', 'You: in between', 'finch: Are you there?'];
    await wren.is('live', BACK_MS);
    await wren.shows(said);
    await wren.isAt('in between', 'delivered', BACK_MS);
    await wren.say('after');
    await finch.shows(['wren: before', 'wren: in between', 'You: Are you there?', 'wren: after']);
    await wren.isAt('after', 'delivered');
    expect(await wren.isMarked()).toBe(true);
  });
});

test('while Redis is away a letter waits visibly, and comes once when it is back', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  watch.allowStatus(503);
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  const finches = await newVisitor();
  await finches.named('fra', 'finch');
  const finch = await finches.mail('fra', 'ord-wren');
  const wren = await visitor.mail('ord', 'fra-finch');
  await wren.say('before');
  await finch.shows(['wren: before']);
  for (const page of [wren, finch]) await page.markDocument();

  await cluster.redis.kill();
  await wren.say('while it is away');
  await wren.is('stale');
  await wren.isAt('while it is away', 'retrying');
  await expect(wren.letter('while it is away')).toContainText('Retrying');
  await finch.say('me too');
  await finch.isAt('me too', 'retrying');
  const stranger = await (await newVisitor()).mailTab();
  await stranger.page.context().addCookies(await visitor.context.cookies());
  await stranger.page.goto(`${cluster.url('syd')}/mail`);
  await expect(stranger.away).toContainText('It is not lost.');
  const newcomer = await (await newVisitor()).mailTab();
  await newcomer.page.goto(`${cluster.url('syd')}/mail`);
  await newcomer.name.fill('robin');
  await newcomer.takeName.click();
  await expect(newcomer.problem).toBeVisible();
  await expect(newcomer.name).toHaveValue('robin');

  await cluster.redis.start();
  for (const [page, text] of [[wren, 'while it is away'], [finch, 'me too']] as const) {
    await page.is('live', BACK_MS);
    await page.isAt(text, 'delivered', BACK_MS);
  }
  await expect.poll(async () => (await wren.said()).length).toBe(3);
  expect((await wren.said()).sort()).toEqual([
    'You: before',
    'You: while it is away',
    'finch: me too',
  ]);
  await expect.poll(async () => (await finch.said()).length).toBe(3);
  for (const page of [wren, finch]) expect(await page.isMarked()).toBe(true);
  // By itself.
  await expect(stranger.ownAddress).toHaveValue('ord-wren', { timeout: BACK_MS });
  // What was typed stays.
  await expect(newcomer.name).toHaveValue('robin');
});

test('who was cut off gets what was missed, and sends what waited, once', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const person = await newVisitor();
  await person.named('ord', 'wren');
  const finch = await Mailbox.claim(cluster.url('fra'), 'fra-finch');
  await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', ['first']);
  const wren = await person.mail('ord', 'fra-teal');
  const other = await person.mail('ord', 'fra-finch');
  watch.allowRefusals(cluster.url('ord'));
  for (const page of [wren, other]) await page.markDocument();

  await person.context.setOffline(true);
  await other.say('I am cut off');
  await other.isAt('I am cut off', 'retrying');
  // More than a frame tells: the page must ask for what lies between.
  const missed = Array.from({ length: 60 }, (_, at) => `missed ${at + 1}`);
  await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', missed);
  await sendLetters(cluster.url('syd'), 'syd-heron', 'ord-wren', ['me too']);
  await wren.is('offline', BACK_MS);
  await expect(wren.connection).toContainText('Offline');
  expect(await wren.said()).toEqual(['teal: first']);
  expect(await finch.texts()).toEqual([]);

  await person.context.setOffline(false);
  await wren.is('live', BACK_MS);
  const said = ['first', ...missed].map((text) => `teal: ${text}`);
  await wren.shows(said.slice(-50));
  await wren.scrollBack();
  await wren.shows(said);
  await wren.hasUnread('syd-heron', 1);
  await wren.hasUnread('fra-teal', 0);
  await other.isAt('I am cut off', 'delivered', BACK_MS);
  await other.shows(['You: I am cut off']);
  expect(await finch.texts()).toEqual(['I am cut off']);
  for (const page of [wren, other]) expect(await page.isMarked()).toBe(true);
});
