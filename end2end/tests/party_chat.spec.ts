import { announcements } from './support/announcements';
import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { sendMessages } from './support/party';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 30_000;

test('participants of two regions chat, and an onlooker reads along', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  const guest = await (await newVisitor()).party('fra', ann.code);
  await expect(ann.page.getByTestId('messages-empty')).toBeVisible();
  for (const page of [ann, bo, guest]) await page.markDocument();

  await ann.send('Hello, everybody');
  for (const page of [ann, bo, guest]) await page.showsChat(['Ann: Hello, everybody']);
  await bo.message.fill('Two\nlines');
  await bo.message.press('Enter');
  const said = ['Ann: Hello, everybody', 'Bo: Two\nlines'];
  for (const page of [ann, bo, guest]) await page.showsChat(said);

  await expect(ann.chatNews).toHaveText('Bo: Two lines');
  await expect(bo.chatNews).toHaveText('Ann: Hello, everybody');
  await expect(bo.messages.nth(1)).toContainText('you');
  await expect(guest.message).toHaveCount(0);
  await expect(guest.page.getByTestId('join-to-chat')).toBeVisible();
  for (const page of [ann, bo, guest]) expect(await page.isMarked()).toBe(true);
  await guest.page.reload();
  await guest.settles();
  await guest.showsChat(said);
});

test('what is said twice is announced twice, and so is what became of it', async ({ newVisitor }) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const ann = await (await newVisitor({ permissions })).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  const heard = await announcements(bo.chatNews);
  const outcomes = await announcements(ann.page.getByTestId('outcome-news'));
  const copies = await announcements(ann.page.getByTestId('copy-note'));

  for (const said of [['Ann: Yes'], ['Ann: Yes', 'Ann: Yes']]) {
    await ann.send('Yes');
    await bo.showsChat(said);
    await expect.poll(outcomes).toEqual(said.map(() => 'Delivered'));
    await expect.poll(heard).toEqual(said);
  }
  for (const copied of [['Copied.'], ['Copied.', 'Copied.']]) {
    await ann.page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(copies).toEqual(copied);
  }
});

test('an Enter that confirms an input method’s suggestion sends nothing', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  await ann.message.fill('にほん');

  // As Safari tells of it: the composition has ended, and only the code is left.
  const keydown = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
  await ann.message.dispatchEvent('keydown', keydown);

  await expect(ann.message).toHaveValue('にほん');
  await ann.message.press('Enter');
  await ann.showsChat(['Ann: にほん']);
});

test('on a phone Enter begins a line, since nothing else does', async ({ newVisitor }) => {
  const phone = { hasTouch: true, isMobile: true, viewport: { width: 375, height: 700 } };
  const ann = await (await newVisitor(phone)).start('ord', 'Ann');
  await expect(ann.page.getByText('for a new line')).toBeHidden();

  await ann.message.pressSequentially('Two\nlines');
  await ann.sendButton.click();

  await ann.showsChat(['Ann: Two\nlines']);
});

test('an onlooker cannot chat, nor can somebody who left', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const onlookers = await newVisitor();
  const guest = await onlookers.party('fra', ann.code);

  const post = () =>
    onlookers.context.request.post(`${cluster.url('fra')}/party/${ann.code}/chat`, {
      headers: { Accept: 'application/json' },
      form: { message: 'Let me in' },
    });
  expect((await post()).ok()).toBe(false);
  await guest.joinName.fill('Bo');
  await guest.joinButton.click();
  await expect(guest.message).toBeVisible();
  await guest.is('live');
  await guest.send('I am in');
  await ann.showsChat(['Bo: I am in']);
  await guest.goAway();
  await expect(guest.page).toHaveURL(/\/party$/);
  expect((await post()).ok()).toBe(false);

  // Messages stay, under the name they were sent with.
  await ann.send('Bye, Bo');
  await ann.showsChat(['Bo: I am in', 'Ann: Bye, Bo']);
});

test('people chat without JavaScript', async ({ watch, newVisitor }) => {
  watch.allowStatus(422);
  const ann = await (await newVisitor({ javaScriptEnabled: false })).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');

  await ann.send('Hello\nfrom here');

  await ann.showsChat(['Ann: Hello\nfrom here']);
  await bo.showsChat(['Ann: Hello\nfrom here']);
  await bo.send('Hello yourself');
  await bo.showsChat(['Ann: Hello\nfrom here', 'Bo: Hello yourself']);
  await ann.page.reload();
  await ann.showsChat(['Ann: Hello\nfrom here', 'Bo: Hello yourself']);
  await ann.message.fill('   ');
  await ann.sendButton.click();
  await expect(ann.problem).toBeVisible();
  await expect(ann.message).toHaveValue('   ');
});

test('the chat is deleted with its party', async ({ cluster, watch, newVisitor }) => {
  watch.allowStatus(404);
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const guest = await (await newVisitor()).party('fra', ann.code);
  await ann.send('The last words');
  await guest.showsChat(['Ann: The last words']);
  const { code } = ann;

  await ann.goAway();

  await expect(guest.end).toBeVisible();
  await expect(guest.chat).toBeHidden();
  const response = await fetch(`${cluster.url('fra')}/parties/${code}/messages`);
  expect(response.status).toBe(404);
  await guest.page.reload();
  await expect(guest.page.getByText('The last words')).toHaveCount(0);
});

test('older messages load on scrolling, and by a link', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const texts = Array.from({ length: 120 }, (_, at) => `message ${at + 1}`);
  await sendMessages(cluster.url('fra'), ann.code, texts);
  const said = texts.map((text) => `Robin: ${text}`);

  await ann.page.reload();
  await ann.settles();
  await expect.poll(async () => (await ann.chatMessages()).at(-1)).toBe('Robin: message 120');
  const first = await ann.chatMessages();
  expect(first.length).toBeLessThan(120);
  expect(first).toEqual(said.slice(-first.length));
  while ((await ann.messages.count()) < 120) {
    const before = await ann.messages.count();
    await ann.chatLog.evaluate((log) => (log.scrollTop = -log.scrollHeight));
    await expect.poll(() => ann.messages.count()).toBeGreaterThan(before);
  }
  await ann.showsChat(said);
  await expect(ann.earlier).toBeHidden();

  const plain = await (await newVisitor({ javaScriptEnabled: false })).party('fra', ann.code);
  expect(await plain.chatMessages()).toEqual(first);
  await plain.earlier.click();
  await expect(plain.page).toHaveURL(/before=/);
  const older = await plain.chatMessages();
  expect(older).toEqual(said.slice(-first.length - older.length, -first.length));
  await plain.page.getByTestId('to-newest').click();
  await plain.showsChat(first);
});

test('hostile messages and names are plain text at 320 px', async ({ newVisitor }) => {
  const viewport = { width: 320, height: 640 };
  const ann = await (await newVisitor({ viewport })).start('ord', 'Ann');
  const bo = await (await newVisitor({ viewport })).join('fra', ann.code, '<i>&amp;Bo');
  const texts = [
    '<script>document.title = 1</script></bdi></li><h1>mine</h1>',
    'a\u202e\u2067 dnif emoc b',
    'W'.repeat(600),
    `Z${'\u0301\u0316'.repeat(80)}`,
    '\u{1f9d1}\u200d\u{1f680}\u{2f800}\u{e0001}\u{10ffff}\ufdd0',
    'é'.repeat(2048),
  ];

  for (const text of texts) {
    await bo.send(text);
    await expect.poll(async () => (await ann.chatMessages()).at(-1)).toBe(`<i>&amp;Bo: ${text}`);
    for (const page of [ann, bo]) expect(await overhangs(page.page), text).toEqual([]);
  }
  await ann.page.reload();
  await ann.settles();
  await ann.showsChat(texts.map((text) => `<i>&amp;Bo: ${text}`));
  expect(await ann.chat.locator('script, h1, b, i').count()).toBe(0);
});

test('the chat goes on after the server was killed, and nothing is doubled', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  test.setTimeout(120_000);
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  await ann.send('before');
  await bo.showsChat(['Ann: before']);
  watch.allowRefusals(cluster.url('fra'));
  await ann.markDocument();

  await cluster.kill('fra');
  await ann.send('meanwhile');
  await ann.showsChat(['Ann: before', 'Ann: meanwhile']);
  await cluster.start('fra');

  await bo.is('live', BACK_MS);
  await bo.showsChat(['Ann: before', 'Ann: meanwhile']);
  await bo.send('after');
  for (const page of [ann, bo]) await page.showsChat(['Ann: before', 'Ann: meanwhile', 'Bo: after']);
  expect(await ann.isMarked()).toBe(true);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on a chat in ${colorScheme}`, async ({ cluster, newVisitor }, info) => {
    const ann = await (await newVisitor({ colorScheme })).start('ord', 'Ann');
    const guest = await (await newVisitor({ colorScheme })).party('fra', ann.code);
    for (const page of [ann, guest]) expect(await violations(page.page)).toEqual([]);
    await sendMessages(cluster.url('fra'), ann.code, ['one', 'two', 'W'.repeat(300)]);
    await ann.send('three');
    await guest.showsChat(['Robin: one', 'Robin: two', `Robin: ${'W'.repeat(300)}`, 'Ann: three']);

    for (const page of [ann, guest]) {
      expect(await violations(page.page)).toEqual([]);
      for (const width of [320, 375, 768, 1440, 2560]) {
        await page.page.setViewportSize({ width, height: 800 });
        expect(await overhangs(page.page), `at ${width} px`).toEqual([]);
      }
      await page.page.screenshot({ path: info.outputPath(`chat-${colorScheme}.png`), fullPage: true });
    }
  });
}

test('a message is sent by keyboard', async ({ visitor }) => {
  const ann = await visitor.start('ord', 'Ann');
  const { keyboard } = ann.page;
  await ann.message.focus();
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('more');
  await keyboard.press('Enter');
  await ann.showsChat(['Ann: one\nmore']);
  await expect(ann.message).toBeFocused();
  await keyboard.type('two');
  await keyboard.press('Tab');
  await expect(ann.sendButton).toBeFocused();
  await keyboard.press('Enter');
  await ann.showsChat(['Ann: one\nmore', 'Ann: two']);
});
