import { sendLetters } from './support/mail';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });
test.describe.configure({ timeout: 180_000 });

/** One character of each plane of Unicode, its last code point too. */
const PLANES = Array.from({ length: 17 }, (_, plane) =>
  String.fromCodePoint(plane * 0x10000 + 0x1234, plane * 0x10000 + 0xfffd),
).join(' ');

/** What somebody may write who means no good, and what is shown of it. */
const HOSTILE: Record<string, { text: string; shown?: string }> = {
  markup: { text: '<b>bold</b></bdi></li><h1>mine</h1><!-- &amp; &#60; ]]>' },
  script: { text: '<script>document.title = "mine"</script><img src=x onerror="document.title=1">' },
  'a link': { text: '[x](javascript:alert(1)) <a href="javascript:alert(1)">x</a> javascript:alert(1)' },
  'a template': { text: '{{7*7}} ${7*7} {% raw %} <%= 7 %>' },
  'bidi overrides': { text: 'a\u202e\u2067\u2066\u202d dnif emoc\u200f b' },
  controls: {
    text: 'a\0b\u0001c\u001b[31md\u007fe\u0085f\u009bg\u000bh\u000ci\rj\tk',
    shown: 'a␀b␁c␛[31md␡e\ufffdf\ufffdg␋h␌i␍j\tk',
  },
  'invisible characters': { text: 'a\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u2028b\u2029c' },
  'noncharacters and planes': { text: `\ufdd0\uffff\u{10ffff} ${PLANES}` },
  'combining marks': { text: `Z${'\u0301\u0316\u0489'.repeat(60)}algo` },
  'one long word': { text: 'W'.repeat(600) },
  'all that fits': { text: '\u{1f9d1}\u200d\u{1f680}'.repeat(372).slice(0, 1860) },
  'all that fits of one letter': { text: 'é'.repeat(2048) },
  lines: { text: `a${'\n'.repeat(200)}b` },
};

for (const javaScriptEnabled of [true, false]) {
  test(`hostile letters are plain text, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    cluster,
    newVisitor,
  }, info) => {
    const person = await newVisitor({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
    const mail = await person.named('ord', 'wren');
    const texts = Object.values(HOSTILE).map(({ text }) => text);
    await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', texts);
    const shown = Object.values(HOSTILE).map(({ text, shown }) => `teal: ${shown ?? text}`);

    // As the server renders them.
    const conversation = await person.mail('ord', 'fra-teal');
    await conversation.shows(shown);
    expect(await conversation.log.locator('b, h1, script, img, .message-line__text a').count()).toBe(0);
    expect(await overhangs(conversation.page)).toEqual([]);
    await conversation.page.screenshot({ path: info.outputPath('letters.png'), fullPage: true });

    // As they come while the page is open, and as the list shows them.
    if (javaScriptEnabled) await conversation.markDocument();
    for (const [name, { text, shown }] of Object.entries(HOSTILE)) {
      await sendLetters(cluster.url('fra'), 'fra-heron', 'ord-wren', [text]);
      if (!javaScriptEnabled) continue;
      const first = (shown ?? text).trim().split(/\s/)[0].slice(0, 10);
      await expect(mail.conversationWith('fra-heron'), name).toContainText(first);
      expect(await overhangs(mail.page), name).toEqual([]);
    }
    await mail.page.reload();
    await mail.settles();
    expect(await overhangs(mail.page)).toEqual([]);
    await mail.open('fra-heron');
    await mail.shows(shown.map((text) => text.replace('teal', 'heron')));
    await expect(mail.page).toHaveTitle(/Murmuration/);
  });
}

test('what one writes oneself is sent and shown as it is', async ({ newVisitor }) => {
  const finches = await newVisitor();
  await finches.named('fra', 'finch');
  const wrens = await newVisitor({ viewport: { width: 320, height: 640 } });
  await wrens.named('ord', 'wren');
  const wren = await wrens.mail('ord', 'fra-finch');
  const finch = await finches.mail('fra', 'ord-wren');
  const shown: string[] = [];

  for (const [name, { text, shown: seen }] of Object.entries(HOSTILE)) {
    // No field takes these in: browsers make them line feeds.
    if (/\r/.test(text)) continue;
    shown.push(seen ?? text);
    await wren.say(text);
    await wren.shows(shown.map((text) => `You: ${text}`));
    await finch.shows(shown.map((text) => `wren: ${text}`));
    expect(await overhangs(wren.page), name).toEqual([]);
  }
  await wren.page.reload();
  await wren.settles();
  await wren.shows(shown.map((text) => `You: ${text}`));
});

for (const javaScriptEnabled of [true, false]) {
  test(`hostile fields and addresses are plain text, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    cluster,
    watch,
    newVisitor,
  }, info) => {
    for (const status of [400, 404, 422]) watch.allowStatus(status);
    const person = await newVisitor({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
    const mail = await person.mail('ord');
    const lax = (form: string) =>
      mail.page.getByTestId(form).evaluate((form) => {
        (form as HTMLFormElement).noValidate = true;
        for (const field of form.querySelectorAll('input')) field.removeAttribute('maxlength');
      });
    const typed = ['<script>alert(1)</script>', '"><b>x', 'a\u202eb', 'W'.repeat(500), PLANES, 'a\u0001b'];

    for (const text of typed) {
      await lax('name-form');
      await mail.name.fill(text);
      await mail.takeName.click();
      await expect(mail.problem).toBeVisible();
      expect(text.startsWith(await mail.name.inputValue()), text).toBe(true);
      expect(await overhangs(mail.page), text).toEqual([]);
      await mail.settles();
    }
    await mail.take('wren');
    for (const text of typed) {
      await lax('write-form');
      await mail.to.fill(text);
      await mail.message.fill(`${text}</textarea><b>`);
      await mail.send.click();
      await expect(mail.problem).toBeVisible();
      await expect(mail.message).toHaveValue(`${text}</textarea><b>`);
      expect(text.startsWith(await mail.to.inputValue()), text).toBe(true);
      expect(await overhangs(mail.page), text).toEqual([]);
      await mail.settles();
    }
    await mail.page.screenshot({ path: info.outputPath('fields.png'), fullPage: true });

    for (const text of typed) {
      await mail.page.goto(`${cluster.url('ord')}/mail?to=${encodeURIComponent(text)}`);
      await mail.settles();
      expect(text.startsWith(await mail.to.inputValue()), text).toBe(true);
      expect(await overhangs(mail.page), text).toEqual([]);
      await mail.page.goto(`${cluster.url('ord')}/mail/fra-finch?before=${encodeURIComponent(text)}`);
      await mail.settles();
      const response = await mail.page.goto(`${cluster.url('ord')}/mail/${encodeURIComponent(text)}`);
      expect([400, 404, 422], text).toContain(response?.status());
      await expect(mail.page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await overhangs(mail.page), text).toEqual([]);
    }
    for (const query of ['to=%ff%fe', 'to=%00', 'before=%ff', 'to=a&to=b', 'to=%C3%28', '&&&==%']) {
      const response = await mail.page.goto(`${cluster.url('ord')}/mail?${query}`);
      expect(response?.status(), query).toBe(200);
      await mail.settles();
    }
  });
}
