import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 30_000;

/** Joins a party as a program and says these lines. */
async function sayLines(server: string, code: string, texts: string[]): Promise<void> {
  const device_id = `${code}-secret-device-id`;
  const post = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' };
    const url = `${server}/parties/${code}/${path}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  };
  await post('participants', { device_id, participant_name: 'Robin' });
  for (const message of texts) await post('messages', { device_id, message });
}

test('participants of two regions talk, and an onlooker reads along', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  const guest = await (await newVisitor()).party('fra', ann.code);
  await expect(ann.page.getByTestId('room-empty')).toBeVisible();
  for (const page of [ann, bo, guest]) await page.markDocument();

  await ann.say('Hello, everybody');
  for (const page of [ann, bo, guest]) await page.tells(['Ann: Hello, everybody']);
  await bo.line.fill('Two\nlines');
  await bo.line.press('Enter');
  const said = ['Ann: Hello, everybody', 'Bo: Two\nlines'];
  for (const page of [ann, bo, guest]) await page.tells(said);

  await expect(ann.roomNews).toHaveText('Bo: Two lines');
  await expect(bo.roomNews).toHaveText('Ann: Hello, everybody');
  await expect(bo.lines.nth(1)).toContainText('you');
  await expect(guest.line).toHaveCount(0);
  await expect(guest.page.getByTestId('join-to-talk')).toBeVisible();
  for (const page of [ann, bo, guest]) expect(await page.isMarked()).toBe(true);
  await guest.page.reload();
  await guest.settles();
  await guest.tells(said);
});

test('an onlooker cannot speak, and who left no longer', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const onlookers = await newVisitor();
  const guest = await onlookers.party('fra', ann.code);

  const say = () =>
    onlookers.context.request.post(`${cluster.url('fra')}/party/${ann.code}/say`, {
      headers: { Accept: 'application/json' },
      form: { message: 'Let me in' },
    });
  expect((await say()).ok()).toBe(false);
  await guest.joinName.fill('Bo');
  await guest.joinButton.click();
  await expect(guest.line).toBeVisible();
  await guest.is('live');
  await guest.say('I am in');
  await ann.tells(['Bo: I am in']);
  await guest.leave.click();
  await expect(guest.page).toHaveURL(/\/party$/);
  expect((await say()).ok()).toBe(false);

  // What was said stays said, by the name it was said under.
  await ann.say('Bye, Bo');
  await ann.tells(['Bo: I am in', 'Ann: Bye, Bo']);
});

test('people talk without JavaScript', async ({ watch, newVisitor }) => {
  watch.allowStatus(422);
  const ann = await (await newVisitor({ javaScriptEnabled: false })).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');

  await ann.say('Hello\nfrom here');

  await ann.tells(['Ann: Hello\nfrom here']);
  await bo.tells(['Ann: Hello\nfrom here']);
  await bo.say('Hello yourself');
  await bo.tells(['Ann: Hello\nfrom here', 'Bo: Hello yourself']);
  await ann.page.reload();
  await ann.tells(['Ann: Hello\nfrom here', 'Bo: Hello yourself']);
  await ann.line.fill('   ');
  await ann.sayButton.click();
  await expect(ann.problem).toBeVisible();
  await expect(ann.line).toHaveValue('   ');
});

test('the room is gone with its party', async ({ cluster, watch, newVisitor }) => {
  watch.allowStatus(404);
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const guest = await (await newVisitor()).party('fra', ann.code);
  await ann.say('The last words');
  await guest.tells(['Ann: The last words']);
  const { code } = ann;

  await ann.leave.click();

  await expect(guest.end).toBeVisible();
  await expect(guest.room).toBeHidden();
  const response = await fetch(`${cluster.url('fra')}/parties/${code}/messages`);
  expect(response.status).toBe(404);
  await guest.page.reload();
  await expect(guest.page.getByText('The last words')).toHaveCount(0);
});

test('older lines come as one scrolls, and by a link', async ({ cluster, newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const texts = Array.from({ length: 120 }, (_, at) => `line ${at + 1}`);
  await sayLines(cluster.url('fra'), ann.code, texts);
  const said = texts.map((text) => `Robin: ${text}`);

  await ann.page.reload();
  await ann.settles();
  await expect.poll(async () => (await ann.said()).at(-1)).toBe('Robin: line 120');
  const first = await ann.said();
  expect(first.length).toBeLessThan(120);
  expect(first).toEqual(said.slice(-first.length));
  while ((await ann.lines.count()) < 120) {
    const before = await ann.lines.count();
    await ann.roomLog.evaluate((log) => (log.scrollTop = -log.scrollHeight));
    await expect.poll(() => ann.lines.count()).toBeGreaterThan(before);
  }
  await ann.tells(said);
  await expect(ann.earlierLines).toBeHidden();

  const plain = await (await newVisitor({ javaScriptEnabled: false })).party('fra', ann.code);
  expect(await plain.said()).toEqual(first);
  await plain.earlierLines.click();
  await expect(plain.page).toHaveURL(/before=/);
  const older = await plain.said();
  expect(older).toEqual(said.slice(-first.length - older.length, -first.length));
  await plain.page.getByTestId('to-newest-lines').click();
  await plain.tells(first);
});

test('hostile lines and names are plain text at 320 px', async ({ newVisitor }) => {
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
    await bo.say(text);
    await expect.poll(async () => (await ann.said()).at(-1)).toBe(`<i>&amp;Bo: ${text}`);
    for (const page of [ann, bo]) expect(await overhangs(page.page), text).toEqual([]);
  }
  await ann.page.reload();
  await ann.settles();
  await ann.tells(texts.map((text) => `<i>&amp;Bo: ${text}`));
  expect(await ann.room.locator('script, h1, b, i').count()).toBe(0);
});

test('talk goes on where the server was killed, and nothing is doubled', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  test.setTimeout(120_000);
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  await ann.say('before');
  await bo.tells(['Ann: before']);
  watch.allowRefusals(cluster.url('fra'));
  await ann.markDocument();

  await cluster.kill('fra');
  await ann.say('meanwhile');
  await ann.tells(['Ann: before', 'Ann: meanwhile']);
  await cluster.start('fra');

  await bo.is('live', BACK_MS);
  await bo.tells(['Ann: before', 'Ann: meanwhile']);
  await bo.say('after');
  for (const page of [ann, bo]) await page.tells(['Ann: before', 'Ann: meanwhile', 'Bo: after']);
  expect(await ann.isMarked()).toBe(true);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on a room in ${colorScheme}`, async ({ cluster, newVisitor }, info) => {
    const ann = await (await newVisitor({ colorScheme })).start('ord', 'Ann');
    const guest = await (await newVisitor({ colorScheme })).party('fra', ann.code);
    for (const page of [ann, guest]) expect(await violations(page.page)).toEqual([]);
    await sayLines(cluster.url('fra'), ann.code, ['one', 'two', 'W'.repeat(300)]);
    await ann.say('three');
    await guest.tells(['Robin: one', 'Robin: two', `Robin: ${'W'.repeat(300)}`, 'Ann: three']);

    for (const page of [ann, guest]) {
      expect(await violations(page.page)).toEqual([]);
      for (const width of [320, 375, 768, 1440, 2560]) {
        await page.page.setViewportSize({ width, height: 800 });
        expect(await overhangs(page.page), `at ${width} px`).toEqual([]);
      }
      await page.page.screenshot({ path: info.outputPath(`room-${colorScheme}.png`), fullPage: true });
    }
  });
}

test('one says something by keyboard', async ({ visitor }) => {
  const ann = await visitor.start('ord', 'Ann');
  const { keyboard } = ann.page;
  await ann.line.focus();
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('more');
  await keyboard.press('Enter');
  await ann.tells(['Ann: one\nmore']);
  await expect(ann.line).toBeFocused();
  await keyboard.type('two');
  await keyboard.press('Tab');
  await expect(ann.sayButton).toBeFocused();
  await keyboard.press('Enter');
  await ann.tells(['Ann: one\nmore', 'Ann: two']);
});
