import { type Locator, type Page, expect } from '@playwright/test';
import { sendLetters } from './support/mail';
import { sendMessages } from './support/party';
import { test } from './support/test';

/** More than a box shows at once. */
const TEXTS = Array.from({ length: 60 }, (_, at) => `message ${at + 1}`);
const NEWS = Array.from({ length: 5 }, (_, at) => `news ${at + 1}`);
/** Places of which at any moment one at least has another date than UTC, and those of the report. */
const ZONES = ['Asia/Tokyo', 'Pacific/Kiritimati', 'Etc/GMT+12', 'America/Los_Angeles'];

test.use({ places: ['ord'] });

/** Reads back in a log, where a text stands then, while news comes, and goes to the news. */
async function staysInPlace(
  page: Page,
  log: Locator,
  text: string,
  send: () => Promise<void>,
): Promise<void> {
  const newer = page.getByTestId('newer');
  await log.evaluate((log) => (log.scrollTop = -900));
  const read = log.getByText(text, { exact: true });
  await expect(read).toBeInViewport();
  await expect(newer).toBeHidden();
  const before = await read.boundingBox();

  await send();

  await expect(newer).toHaveText('↓ 5 new');
  await expect(log.getByText('news 5', { exact: true })).toBeAttached();
  const after = await read.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThanOrEqual(1);
  expect(after?.y).toBeGreaterThan(0);
  await newer.click();
  await expect(log.getByText('news 5', { exact: true })).toBeInViewport();
  await expect(newer).toBeHidden();
  await expect(log).toBeFocused();
}

test('what is read stays in place as messages come', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  await sendMessages(cluster.url('ord'), ann.code, TEXTS);
  await expect(ann.messages).toHaveCount(TEXTS.length);

  await staysInPlace(ann.page, ann.chatLog, 'message 47', () =>
    sendMessages(cluster.url('ord'), ann.code, NEWS),
  );

  // Who is at the end stays there.
  await sendMessages(cluster.url('ord'), ann.code, ['the last']);
  await expect(ann.chatLog.getByText('the last', { exact: true })).toBeInViewport();
  await expect(ann.page.getByTestId('newer')).toBeHidden();
});

test('what is read stays in place as letters come', async ({ cluster, newVisitor }) => {
  const wren = await (await newVisitor()).named('ord', 'wren');
  const address = await wren.ownAddress.inputValue();
  await sendLetters(cluster.url('ord'), 'fra-finch', address, TEXTS);
  await wren.open('fra-finch');

  await staysInPlace(wren.page, wren.log, 'message 49', () =>
    sendLetters(cluster.url('ord'), 'fra-finch', address, NEWS),
  );
});

test('earlier messages load a page at a time', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const texts = Array.from({ length: 160 }, (_, at) => `message ${at + 1}`);
  await sendMessages(cluster.url('ord'), ann.code, texts);
  await ann.page.reload();
  await ann.settles();
  const before = await ann.messages.count();

  await ann.chatLog.evaluate((log) => (log.scrollTop = -log.scrollHeight));

  await expect.poll(() => ann.messages.count()).toBeGreaterThan(before);
  // Far enough from the beginning that nothing asks for more.
  const left = () =>
    ann.chatLog.evaluate((log) => log.scrollHeight - log.clientHeight - Math.abs(log.scrollTop));
  await expect.poll(left).toBeGreaterThan(240);
  await expect(ann.earlier).toHaveText('Earlier messages');
  expect(await ann.messages.count()).toBeLessThan(texts.length);
});

for (const timezoneId of ZONES) {
  test(`days are the reader’s in ${timezoneId}`, async ({ cluster, newVisitor }) => {
    const visitor = await newVisitor({ timezoneId });
    const wren = await visitor.named('ord', 'wren');
    const address = await wren.ownAddress.inputValue();
    await sendLetters(cluster.url('ord'), 'fra-finch', address, ['Good morning']);
    await wren.open('fra-finch');
    const day = wren.log.locator('.message-log__day');
    const time = wren.letter('Good morning').locator('time');
    const here = async () => {
      const sent = (await time.getAttribute('datetime')) ?? '';
      return new Date(sent).toLocaleTimeString('en-GB', { timeZone: timezoneId, timeStyle: 'short' });
    };

    await expect(day).toHaveText(['Today']);
    await expect(time).toHaveText(await here());
    await wren.page.clock.install();
    await wren.page.reload();
    await wren.settles();
    await expect(day).toHaveText(['Today']);
    await expect(time).toHaveText(await here());
    await expect(wren.conversationWith('fra-finch').locator('time')).toHaveText(await here());

    await wren.page.clock.fastForward('24:00:00');
    await expect(day).toHaveText(['Yesterday']);
    await expect(wren.conversationWith('fra-finch').locator('time')).toHaveText('Yesterday');
  });
}

test('without JavaScript days and times are those of UTC, and say so', async ({
  cluster,
  newVisitor,
}) => {
  const wren = await (await newVisitor({ javaScriptEnabled: false })).named('ord', 'wren');
  const address = await wren.ownAddress.inputValue();
  await sendLetters(cluster.url('ord'), 'fra-finch', address, ['Good morning']);

  await wren.page.reload();
  await wren.open('fra-finch');

  const time = wren.letter('Good morning').locator('time');
  const sent = new Date((await time.getAttribute('datetime')) ?? '');
  const weekday = sent.toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'long' });
  const date = sent.toLocaleDateString('en-GB', { timeZone: 'UTC', dateStyle: 'long' });
  await expect(wren.log.locator('.message-log__day')).toHaveText([`${weekday}, ${date} (UTC)`]);
  const hours = sent.toLocaleTimeString('en-GB', { timeZone: 'UTC', timeStyle: 'short' });
  await expect(time).toHaveText(`${hours} UTC`);
});
