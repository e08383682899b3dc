import { expect, test } from './support/clusters';
import { Mailbox, sendLetters } from './support/mail';

/** In which a cluster that is back gets what waits: the pause after some tries, and some. */
const TRIED_MS = 60_000;

test.describe.configure({ timeout: 180_000 });

test('people of two clusters write each other', async ({ starlings, newVisitor }) => {
  const wren = await (await newVisitor()).named('ord', 'wren');
  const pia = await (await newVisitor({}, starlings)).named('moon', 'pia');
  await expect(pia.ownAddress).toHaveValue('moon-pia');
  await pia.markDocument();
  await wren.to.fill('moon-pia');
  await expect(wren.toCheck).toHaveText('moon, in the cluster starlings');

  await wren.write('moon-pia', 'Fancy a flight?');

  await wren.isAt('Fancy a flight?', 'delivered');
  await expect(wren.waiting).toBeHidden();
  await pia.lists(['ord-wren']);
  await pia.hasUnread('ord-wren', 1);
  await expect(pia.conversationWith('ord-wren')).toContainText('Cluster larks');
  await expect(pia.conversationWith('ord-wren').getByText('unverified')).toBeHidden();
  expect(await pia.isMarked()).toBe(true);
  await pia.open('ord-wren');
  await wren.markDocument();
  await pia.say('Gladly!');
  await pia.isAt('Gladly!', 'delivered');
  await wren.shows(['You: Fancy a flight?', 'pia: Gladly!']);
  await wren.say('At seven');
  await pia.shows(['wren: Fancy a flight?', 'You: Gladly!', 'wren: At seven']);
  await wren.isAt('At seven', 'delivered');
  expect(await wren.isMarked()).toBe(true);
});

test('who is no place of either cluster is unknown', async ({ starlings, watch, newVisitor }) => {
  watch.allowStatus(404);
  const wren = await (await newVisitor()).named('ord', 'wren');
  const pia = await (await newVisitor({}, starlings)).named('moon', 'pia');

  for (const page of [wren, pia]) {
    await page.to.fill('mars-pia');
    await expect(page.toCheck).toHaveText('Unknown region “mars”');
    await page.message.fill('Anybody?');
    await page.send.click();
    await expect(page.problem).toContainText('mars');
    await expect(page.message).toHaveValue('Anybody?');
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`what a cluster that is down would get waits, says why, and comes once, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    cluster,
    starlings,
    newVisitor,
  }, info) => {
    const pia = await Mailbox.claim(starlings.url('moon'), 'moon-pia');
    const heron = await Mailbox.claim(cluster.url('ord'), 'ord-heron');
    const person = await newVisitor({ javaScriptEnabled });
    const mailbox = await person.named('ord', 'wren');
    const wren = await person.mail('ord', 'moon-pia');
    /** Looks again, where the page does not change by itself. */
    const reload = async () => {
      if (!javaScriptEnabled) await wren.page.reload();
    };
    await starlings.kill('moon');

    await wren.say('one');
    await wren.say('two');

    for (const text of ['one', 'two']) {
      await wren.isAt(text, 'queued');
      await expect(wren.letter(text)).toContainText('Waiting for starlings');
    }
    await expect(async () => {
      await reload();
      await expect(wren.waiting).toHaveText(
        /^2 letters are waiting for the other cluster \(\d+ (try|tries) so far\)\. The cluster starlings .+\.$/,
        { timeout: 1_000 },
      );
    }).toPass({ timeout: TRIED_MS });
    await wren.page.screenshot({ path: info.outputPath('waiting.png'), fullPage: true });
    // Letters at home do not wait for it.
    await mailbox.write('ord-heron', 'near');
    await mailbox.isAt('near', 'delivered');
    expect(await heron.texts()).toEqual(['near']);

    await starlings.start('moon');

    await expect.poll(() => pia.texts(), { timeout: TRIED_MS }).toEqual(['one', 'two']);
    await expect(async () => {
      await reload();
      await wren.isAt('two', 'delivered', 1_000);
    }).toPass({ timeout: TRIED_MS });
    await wren.isAt('one', 'delivered');
    await expect(wren.waiting).toBeHidden();
    await wren.shows(['You: one', 'You: two']);
    await sendLetters(starlings.url('moon'), 'moon-anyone', 'ord-wren', ['and back']);
    await expect(async () => {
      if (!javaScriptEnabled) await mailbox.page.reload();
      await mailbox.hasUnread('moon-anyone', 1);
    }).toPass({ timeout: TRIED_MS });
    expect(await pia.texts()).toEqual(['one', 'two']);
  });
}

test('the page waits for the other cluster’s Redis, too, and doubles nothing', async ({
  starlings,
  newVisitor,
}) => {
  const pia = await Mailbox.claim(starlings.url('moon'), 'moon-pia');
  const person = await newVisitor();
  await person.named('ord', 'wren');
  const wren = await person.mail('ord', 'moon-pia');
  await starlings.redis.kill();

  await wren.say('one');
  await wren.isAt('one', 'queued');
  await expect(wren.waiting).toContainText(/\d+ (try|tries) so far/, { timeout: TRIED_MS });
  await starlings.redis.start();

  await wren.isAt('one', 'delivered', TRIED_MS);
  expect(await pia.texts()).toEqual(['one']);
});
