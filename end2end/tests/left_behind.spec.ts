// What a page was doing when it was left.

import type { Page } from '@playwright/test';
import { swallowLater } from './support/live_socket';
import { expect, test } from './support/test';
import type { Visitor } from './support/visitor';

/** In which the next page must have sent what the one before left. */
const SENT_MS = 20_000;

/** Lets nothing arrive that a page sends on its way out, nor what the next one sends before the route is lifted. */
async function loseWhatWaits(page: Page): Promise<void> {
  // No route sees it.
  await page.addInitScript(() => Object.assign(navigator, { sendBeacon: () => true }));
  await page.route('**/live', (route) => route.abort());
}

/** A letter of Ann's to Bob whose requests are lost, and Bob's mailbox. */
async function unanswered(text: string, newVisitor: () => Promise<Visitor>) {
  const [ann, bob] = [await newVisitor(), await newVisitor()];
  await ann.named('ord', 'ann');
  const received = await bob.named('fra', 'bob');
  const letter = await ann.mail('ord', 'fra-bob');
  await letter.page.route('**/api/messages', (route) => route.abort());
  await letter.say(text);
  await letter.isAt(text, 'retrying');
  return { ann, letter, received };
}

/** Lets what the browser keeps of requests be a day old. */
async function growOld(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const [key, request] of Object.entries(localStorage) as [string, string][]) {
      const [id, , ...rest] = request.split('\n');
      localStorage.setItem(key, [id, Date.now() - 24 * 3_600_000, ...rest].join('\n'));
    }
  });
}

test.use({ places: ['ord', 'fra'] });
test.describe.configure({ timeout: 120_000 });

test('clicks without an answer count once on the next page', async ({ cluster, visitor }) => {
  const page = await visitor.tab('ord');
  const swallow = await swallowLater(page.page);
  await loseWhatWaits(page.page);
  await page.load();
  await page.is('live');
  await page.click(2);
  await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(2);

  swallow();
  await page.click(3);
  await page.page.getByRole('link', { name: 'Draw', exact: true }).click();
  await page.is('live');
  await page.page.unroute('**/live');

  await expect.poll(async () => (await cluster.world('fra')).clicks, { timeout: SENT_MS }).toBe(5);
  const left = () => page.page.evaluate(() => Object.keys(localStorage));
  await expect.poll(left, { timeout: SENT_MS }).toEqual([]);
  expect((await cluster.world('fra')).clicks).toBe(5);
});

test('clicks count though the tab is closed at once', async ({ cluster, visitor }) => {
  const page = await visitor.tab('ord');
  const swallow = await swallowLater(page.page);
  await page.load();
  await page.is('live');

  swallow();
  await page.click(3);
  await page.page.close({ runBeforeUnload: true });

  await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(3);
});

test('clicks that are a day old are not counted again, and the next page says so', async ({
  cluster,
  visitor,
}) => {
  const page = await visitor.tab('ord');
  const swallow = await swallowLater(page.page);
  await loseWhatWaits(page.page);
  await page.load();
  await page.is('live');
  swallow();
  await page.click(3);
  await page.page.getByRole('link', { name: 'Draw', exact: true }).click();
  await page.is('live');
  await growOld(page.page);
  await page.page.unroute('**/live');

  await expect(page.notice).toContainText('Some clicks may not have counted', { timeout: SENT_MS });
  expect((await cluster.world('fra')).clicks).toBe(0);
});

for (const leave of ['a link', 'a reload', 'a closed tab'] as const) {
  test(`a letter that was not answered arrives once, after ${leave}`, async ({ cluster, watch, newVisitor }) => {
    watch.allowAll(/Failed to load resource/);
    const { ann, letter, received } = await unanswered('Not lost', newVisitor);
    if (leave === 'a closed tab') {
      await letter.page.close({ runBeforeUnload: true });
      await ann.open('ord');
    } else {
      await letter.page.unroute('**/api/messages');
      if (leave === 'a link') await letter.page.getByRole('link', { name: 'Draw', exact: true }).click();
      else await letter.page.reload();
    }

    await received.hasUnread('ord-ann', 1);
    const conversation = await ann.mail('ord', 'fra-bob');
    await conversation.shows(['You: Not lost']);
    await received.hasUnread('ord-ann', 1);
    expect((await cluster.world('ord')).clicks).toBe(0);
  });
}

test('a letter that is a day old is not sent again unasked', async ({ newVisitor, watch }) => {
  watch.allowAll(/Failed to load resource/);
  const { letter, received } = await unanswered('From yesterday', newVisitor);
  await growOld(letter.page);
  await letter.page.unroute('**/api/messages');
  await letter.page.reload();

  await letter.isAt('From yesterday', 'refused');
  await expect(letter.log).toContainText('This may have been sent already');
  await received.hasUnread('ord-ann', 0);
  await letter.page.getByTestId('try-again').click();
  await received.hasUnread('ord-ann', 1);
});

test('a draft and a chat message without an answer go along to another region', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const [ann, bob] = [await newVisitor(), await newVisitor()];
  const host = await bob.start('fra', 'Bob');
  const page = await ann.join('ord', host.code, 'Ann');
  watch.allowRefusals(cluster.url('ord'));
  watch.allowAll(/Failed to load resource/);
  await page.page.route(`${cluster.url('ord')}/party/*/chat`, (route) => route.abort());
  await page.message.fill('Not lost');
  await page.sendButton.click();
  await expect(page.messages).toContainText(['Not lost']);
  await page.message.fill('Half a sen');

  await cluster.kill('ord');

  await expect.poll(() => page.origin(), { timeout: SENT_MS }).toBe(cluster.url('fra'));
  await page.is('live');
  await expect(page.message).toHaveValue('Half a sen');
  await expect(page.message).toBeFocused();
  await expect(host.messages).toHaveText([/Not lost/]);
  await expect(page.messages).toHaveText([/Not lost/]);
  expect(new URL(page.page.url()).hash).toBe('');
});
