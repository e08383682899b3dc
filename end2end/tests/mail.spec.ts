import { sendLetters } from './support/mail';
import { expect, test } from './support/test';

test('people of two regions write each other, and see it at once', async ({
  newVisitor,
}) => {
  const wren = await (await newVisitor()).named('ord', 'wren');
  await expect(wren.ownAddress).toHaveValue('ord-wren');
  await wren.lists([]);
  await expect(wren.page.getByTestId('conversations-empty')).toBeVisible();
  const finch = await (await newVisitor()).named('fra', 'finch');
  await expect(finch.ownAddress).toHaveValue('fra-finch');
  for (const page of [wren, finch]) await page.markDocument();

  await wren.write('fra-finch', 'Fancy a flight?');

  await wren.shows(['You: Fancy a flight?']);
  await wren.isAt('Fancy a flight?', 'delivered');
  await finch.lists(['ord-wren']);
  await finch.hasUnread('ord-wren', 1);
  await expect(finch.conversationWith('ord-wren')).toContainText('Fancy a flight?');
  await expect(finch.conversationWith('ord-wren')).toContainText('Chicago');
  await expect(finch.unreadOfAll).toHaveText('1 letter unread');
  await expect(finch.page).toHaveTitle(/^\(1\) /);
  expect(await finch.isMarked()).toBe(true);

  await finch.open('ord-wren');
  await finch.hasUnread('ord-wren', 0);
  await expect(finch.page).toHaveTitle(/^[^(]/);
  await finch.shows(['wren: Fancy a flight?']);
  await wren.markDocument();
  await finch.markDocument();
  await finch.say('Gladly!');
  await finch.isAt('Gladly!', 'delivered');
  await wren.shows(['You: Fancy a flight?', 'finch: Gladly!']);
  await expect(wren.news).toHaveText('fra-finch: Gladly!');
  await wren.say('At seven?');
  await finch.shows(['wren: Fancy a flight?', 'You: Gladly!', 'wren: At seven?']);
  await finch.hasUnread('ord-wren', 0);

  for (const page of [wren, finch]) {
    expect(await page.isMarked()).toBe(true);
    await page.page.reload();
    await page.settles();
  }
  await wren.shows(['You: Fancy a flight?', 'finch: Gladly!', 'You: At seven?']);
  await finch.shows(['wren: Fancy a flight?', 'You: Gladly!', 'wren: At seven?']);
});

test('a letter shows before the server has it, and says how far it is', async ({ newVisitor }) => {
  await (await newVisitor()).named('fra', 'finch');
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  const wren = await visitor.mail('ord', 'fra-finch');
  await expect(wren.page.getByTestId('messages-empty')).toBeVisible();
  let pass = () => {};
  const held = new Promise<void>((resolve) => (pass = resolve));
  await wren.page.route('**/api/messages', async (route) => {
    await held;
    await route.continue();
  });

  await wren.say('one');
  await wren.reply.fill('two\nlines');
  await wren.reply.press('Enter');

  await wren.shows(['You: one', 'You: two\nlines']);
  await wren.isAt('one', 'sending');
  await wren.isAt('two lines', 'sending');
  await expect(wren.reply).toHaveValue('');
  pass();
  await wren.isAt('one', 'delivered');
  await wren.isAt('two lines', 'delivered');
  await wren.shows(['You: one', 'You: two\nlines']);
});

test('a letter that is refused is sent again, or put back into the field', async ({
  watch,
  newVisitor,
}) => {
  watch.allowStatus(403);
  await (await newVisitor()).named('fra', 'finch');
  const visitor = await newVisitor();
  await visitor.named('ord', 'wren');
  const wren = await visitor.mail('ord', 'fra-finch');
  const problem = { status: 403, type: 'no', title: 'Not today', detail: 'Come back tomorrow.' };
  await wren.page.route('**/api/messages', (route) =>
    route.fulfill({ status: 403, json: problem, contentType: 'application/problem+json' }),
  );

  for (const text of ['one', 'two']) {
    await wren.say(text);
    await wren.isAt(text, 'refused');
    await expect(wren.letter(text)).toContainText('✕ Not today. Come back tomorrow.');
  }
  await wren.letter('two').getByRole('button', { name: 'Edit' }).click();
  await wren.shows(['You: one']);
  await expect(wren.reply).toHaveValue('two');
  await wren.page.unroute('**/api/messages');
  await wren.letter('one').getByRole('button', { name: 'Try again' }).click();

  await wren.isAt('one', 'delivered');
  await wren.sendReply.click();
  await wren.isAt('two', 'delivered');
  await wren.shows(['You: one', 'You: two']);
});

test('conversations stand in the order of their newest letters', async ({
  cluster,
  newVisitor,
}) => {
  const wren = await (await newVisitor()).named('ord', 'wren');
  await wren.markDocument();

  await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', ['t1', 't2']);
  await sendLetters(cluster.url('syd'), 'syd-heron', '1-wren', ['h1']);
  await wren.lists(['syd-heron', 'fra-teal']);
  await sendLetters(cluster.url('ord'), 'fra-teal', 'ord-wren', ['t3']);

  await wren.lists(['fra-teal', 'syd-heron']);
  await wren.hasUnread('fra-teal', 3);
  await wren.hasUnread('syd-heron', 1);
  await expect(wren.unreadOfAll).toHaveText('4 letters unread');
  await expect(wren.conversationWith('fra-teal').getByText('unverified')).toBeVisible();
  expect(await wren.isMarked()).toBe(true);
  await wren.open('fra-teal');
  await wren.shows(['teal: t1', 'teal: t2', 'teal: t3']);
  await expect(wren.page.getByTestId('unverified-note')).toBeVisible();
  await wren.hasUnread('fra-teal', 0);
  await wren.hasUnread('syd-heron', 1);
  await expect(wren.unreadOfAll).toHaveText('1 letter unread');
});

test('two tabs of one person stay in step', async ({ cluster, newVisitor }) => {
  const person = await newVisitor();
  const first = await person.named('ord', 'wren');
  const second = await person.mail('fra');
  await expect(second.ownAddress).toHaveValue('ord-wren');
  for (const tab of [first, second]) await tab.markDocument();

  await sendLetters(cluster.url('syd'), 'syd-teal', 'ord-wren', ['hello', 'again']);
  for (const tab of [first, second]) await tab.hasUnread('syd-teal', 2);

  const third = await person.mail('syd', 'syd-teal');
  for (const tab of [first, second, third]) await tab.hasUnread('syd-teal', 0);
  await third.say('Hello yourself');
  for (const tab of [first, second]) {
    await expect(tab.conversationWith('syd-teal')).toContainText('You: Hello yourself');
    expect(await tab.isMarked()).toBe(true);
  }
  await first.open('syd-teal');
  await first.say('From another tab');
  for (const tab of [first, third]) {
    await tab.shows(['teal: hello', 'teal: again', 'You: Hello yourself', 'You: From another tab']);
    // Nobody has claimed the address.
    await tab.isAt('From another tab', 'failed');
  }
});

test.describe('a long conversation', () => {
  const TEXTS = Array.from({ length: 120 }, (_, at) => `letter ${at + 1}`);
  const said = (from: number) => TEXTS.slice(from).map((text) => `teal: ${text}`);

  test('its older letters come as one scrolls', async ({ cluster, newVisitor }) => {
    const person = await newVisitor();
    await person.named('ord', 'wren');
    await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', TEXTS);

    const wren = await person.mail('ord', 'fra-teal');
    await wren.shows(said(70));
    await expect(wren.letter('letter 120')).toBeInViewport();
    const first = wren.letter('letter 71');
    await wren.scrollBack();
    await wren.shows(said(20));
    // What one was reading stays where it was.
    await expect(first).toBeInViewport();
    await wren.scrollBack();
    await wren.shows(said(0));
    await wren.scrollBack();
    await expect(wren.page.getByText('This is the beginning of your conversation.')).toBeVisible();
    await expect(wren.earlier).toBeHidden();

    await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', ['one more']);
    await wren.shows([...said(0), 'teal: one more']);
    await wren.say('Enough!');
    await wren.isAt('Enough!', 'failed');
    await expect(wren.letter('Enough!')).toBeInViewport();
  });

  test('they come by a link, with and without JavaScript', async ({ cluster, newVisitor }) => {
    const person = await newVisitor({ javaScriptEnabled: false });
    await person.named('ord', 'wren');
    await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', TEXTS);

    const wren = await person.mail('fra', 'fra-teal');
    await wren.shows(said(70));
    await wren.earlier.click();
    await wren.shows(said(20).slice(0, 50));
    await expect(wren.reply).toHaveCount(0);
    await wren.earlier.click();
    await wren.shows(said(0).slice(0, 20));
    await expect(wren.earlier).toBeHidden();
    await wren.page.getByTestId('to-newest').click();
    await wren.shows(said(70));

    const cookies = await person.context.cookies();
    const scripted = await newVisitor();
    await scripted.context.addCookies(cookies);
    const running = await scripted.mail('ord', 'fra-teal');
    await running.markDocument();
    // Without the scrolling that a pointer needs to get there.
    await running.earlier.dispatchEvent('click');
    await running.shows(said(20));
    expect(await running.isMarked()).toBe(true);
  });
});
