import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import type { ConsoleWatch } from './support/console_watch';
import { Mailbox, sendLetters } from './support/mail';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';
import type { Visitor } from './support/visitor';

const SCREENS = {
  phone: { width: 375, height: 812 },
  wide: { width: 1440, height: 900 },
};
const LONG_NAME = 'w'.repeat(32);

test.use({ places: ['ord', 'fra'] });
test.describe.configure({ timeout: 180_000 });

/** The pages of mail in every state in which they can be, one after the other. */
async function* states(server: string, visitor: Visitor) {
  const mail = await visitor.mail('ord');
  yield { name: 'name', page: mail.page };
  await mail.name.fill('taken');
  await mail.takeName.click();
  await expect(mail.problem).toBeVisible();
  yield { name: 'name-taken', page: mail.page };
  await mail.take(LONG_NAME);
  yield { name: 'empty', page: mail.page };
  const own = `ord-${LONG_NAME}`;
  const texts = Array.from({ length: 60 }, (_, at) => `Letter ${at + 1}\nof some lines. ${'word '.repeat(at)}`);
  await sendLetters(server, `us-east-1-${LONG_NAME}`, own, texts);
  await sendLetters(server, 'fra-teal', own, ['https://example.org/'.repeat(20), 'W'.repeat(300)]);
  await mail.hasUnread(`us-east-1-${LONG_NAME}`, 60);
  await mail.hasUnread('fra-teal', 2);
  yield { name: 'mailbox', page: mail.page };
  await mail.to.fill('far-finch');
  await mail.to.press('Tab');
  await mail.message.fill('x'.repeat(4000));
  yield { name: 'check', page: mail.page };
  await mail.send.click();
  await expect(mail.problem).toBeVisible();
  yield { name: 'refused', page: mail.page };
  await mail.anotherName.getByText('Choose another name').click();
  yield { name: 'another-name', page: mail.page };
  await mail.open(`us-east-1-${LONG_NAME}`);
  yield { name: 'conversation', page: mail.page };
  await mail.say('x'.repeat(50));
  await mail.scrollBack();
  await expect(mail.letters).toHaveCount(61);
  yield { name: 'older', page: mail.page };
  await mail.page.goto(`${server}/mail/fra-teal`);
  await mail.settles();
  await mail.page.route('**/api/messages', (route) => route.abort('connectionreset'));
  await mail.say('on its way');
  await mail.isAt('on its way', 'retrying');
  yield { name: 'sending', page: mail.page };
  await mail.page.unroute('**/api/messages');
  await mail.page.goto(`${server}/mail/ord-postmaster`);
  await mail.settles();
  yield { name: 'postmaster', page: mail.page };
}

/** Prepares for them: what is refused is meant to be. */
async function expectRefusals(watch: ConsoleWatch, server: string) {
  for (const status of [404, 409, 422]) watch.allowStatus(status);
  watch.allowRefusals(server);
  await Mailbox.claim(server, 'ord-taken');
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    test(`axe finds nothing on a ${screen} screen in ${colorScheme}`, async ({
      cluster,
      watch,
      newVisitor,
    }, info) => {
      await expectRefusals(watch, cluster.url('ord'));
      const visitor = await newVisitor({ colorScheme, viewport });

      for await (const { name, page } of states(cluster.url('ord'), visitor)) {
        expect(await violations(page), name).toEqual([]);
        expect(await overhangs(page), name).toEqual([]);
        const path = info.outputPath(`${name}-${screen}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
    });
  }

  test(`axe finds nothing on mail that is out of reach, in ${colorScheme}`, async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    watch.allowStatus(503);
    const visitor = await newVisitor({ colorScheme });
    const mail = await visitor.named('ord', 'wren');
    await cluster.redis.kill();
    await mail.is('stale');
    await mail.to.fill('fra-finch');
    await mail.message.fill('Are you there?');
    await mail.send.click();

    await expect(mail.away).toBeVisible();
    await expect(mail.page.getByLabel('Letter', { exact: true })).toHaveValue('Are you there?');
    expect(await violations(mail.page)).toEqual([]);
  });
}

test('no width makes the pages scroll sideways', async ({ cluster, watch, newVisitor }, info) => {
  await expectRefusals(watch, cluster.url('ord'));
  for await (const { name, page } of states(cluster.url('ord'), await newVisitor())) {
    for (const width of [320, 375, 768, 1024, 1440, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overhangs(page), `${name} at ${width} px`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${name}-${width}.png`), fullPage: true });
    }
  }
});

test('a name is chosen, a letter written and older ones read by keyboard', async ({
  cluster,
  newVisitor,
}) => {
  const mail = await (await newVisitor()).mail('ord');
  const { keyboard } = mail.page;
  await keyboard.press('Tab');
  await expect(mail.page.getByRole('link', { name: 'Skip to mail' })).toBeFocused();
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await expect(mail.name).toBeFocused();
  await keyboard.type('wren');
  await keyboard.press('Enter');
  await expect(mail.ownAddress).toHaveValue('ord-wren');
  await mail.settles();

  await mail.to.focus();
  await keyboard.type('fra-finch');
  await keyboard.press('Tab');
  await expect(mail.message).toBeFocused();
  await keyboard.type('Good morning');
  await keyboard.press('Tab');
  await expect(mail.send).toBeFocused();
  await keyboard.press('Enter');
  await expect(mail.page).toHaveURL(/\/mail\/fra-finch$/);
  await mail.settles();

  await mail.reply.focus();
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('more');
  await keyboard.press('Enter');
  await mail.shows(['You: Good morning', 'You: one\nmore']);
  await expect(mail.reply).toBeFocused();
  await expect(mail.reply).toHaveValue('');
  await keyboard.type('and by the button');
  await keyboard.press('Tab');
  await expect(mail.sendReply).toBeFocused();
  await keyboard.press('Enter');
  await mail.shows(['You: Good morning', 'You: one\nmore', 'You: and by the button']);

  const texts = Array.from({ length: 70 }, (_, at) => `${at + 1}`);
  await sendLetters(cluster.url('fra'), 'fra-teal', 'ord-wren', texts);
  await mail.conversationWith('fra-teal').getByRole('link').focus();
  await keyboard.press('Enter');
  await expect(mail.letters).toHaveCount(50);
  await mail.settles();
  await mail.log.focus();
  await expect(mail.log).toHaveCSS('outline-style', 'solid');
  await keyboard.press('Home');
  await expect(mail.letters).toHaveCount(70);
});

test('nothing moves for those who want no motion', async ({ newVisitor }) => {
  const running = (page: Page) =>
    page.evaluate(() => {
      const animations = document.getAnimations();
      return animations.filter(({ playState }) => playState === 'running').length;
    });
  const moved = await (await newVisitor({ reducedMotion: 'no-preference' })).mail('ord');
  // The sky drifts: this test would notice.
  await expect.poll(() => running(moved.page)).toBeGreaterThan(0);

  const still = await (await newVisitor({ reducedMotion: 'reduce' })).named('ord', 'wren');
  await still.write('fra-finch', 'hello');
  await still.say('hello again');
  await still.isAt('hello again', 'failed');

  expect(await running(still.page)).toBe(0);
});
