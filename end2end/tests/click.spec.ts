import { interceptReplies } from './support/live_socket';
import { expect, test } from './support/test';

test('a click in one region appears in the other two', async ({ visitor }) => {
  const [ord, fra, syd] = [
    await visitor.open('ord'),
    await visitor.open('fra'),
    await visitor.open('syd'),
  ];

  await ord.more.click();
  await fra.more.click();
  await fra.more.click();
  await syd.less.click();

  for (const page of [ord, fra, syd]) {
    await page.shows(2);
    await expect(page.cell('ord', 'clicks')).toHaveText('1');
    await expect(page.cell('fra', 'clicks')).toHaveText('2');
    await expect(page.cell('syd', 'clicks')).toHaveText('−1');
  }
});

test('a click says when it is in each other region, as the servers measured it', async ({
  cluster,
  newVisitor,
}) => {
  const page = await (await newVisitor({ reducedMotion: 'no-preference' })).open('ord');
  await expect(page.elsewhere).toHaveText('click to measure');
  const sky = page.page.locator('#flights');
  // Once what draws them is loaded.
  await expect(page.page.locator('canvas')).toBeAttached();

  await page.more.click();

  await expect(sky.locator('path')).toHaveCount(2);
  await expect(page.elsewhere).toHaveText(/ ms · .* ms$/);
  const reached = async (code: string) => `${(await cluster.region('ord', code))?.reached_ms} ms`;
  const [fra, syd] = [await reached('fra'), await reached('syd')];
  const ways = [`Frankfurt ${fra}`, `Sydney ${syd}`];
  expect((await page.elsewhere.innerText()).split(' · ').toSorted()).toEqual(ways);
  await expect(page.cell('fra', 'reach')).toHaveText(`reached in ${fra}`);
  await expect(page.cell('syd', 'reach')).toHaveText(`reached in ${syd}`);
  await expect(page.cell('ord', 'here')).toHaveText('serving you');
  for (const figure of new Set([fra, syd])) {
    await expect(sky.locator('text:visible', { hasText: figure }).first()).toBeVisible();
  }
  // The others of the region see the same figures, without JavaScript too.
  const reader = await (await newVisitor({ javaScriptEnabled: false })).tab('ord');
  await reader.load();
  await expect(reader.cell('syd', 'reach')).toHaveText(`reached in ${syd}`);
  await expect(reader.elsewhere).toHaveText('click to measure');
});

test('others’ clicks fly from where they were made', async ({ cluster, newVisitor }) => {
  const page = await (await newVisitor({ reducedMotion: 'no-preference' })).open('ord');
  const sky = page.page.locator('#flights');
  await expect(page.page.locator('canvas')).toBeAttached();

  await cluster.click('syd', 1);

  // From Sydney to Frankfurt and Chicago.
  await expect(sky.locator('path')).toHaveCount(2);
  await expect(page.elsewhere).toHaveText('click to measure');
});

test('a click shows at once and settles when it is acknowledged', async ({ cluster, visitor }) => {
  const page = await visitor.tab('ord');
  const replies = await interceptReplies(page.page);
  await page.load();
  await page.is('live');

  replies.hold();
  await page.click(2);

  expect(await page.shown()).toBe(2);
  await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(2);
  await expect(page.waiting).toHaveText('2 clicks wait to be counted.');
  expect(await page.shown()).toBe(2);

  replies.release();

  await expect(page.waiting).toBeHidden();
  await expect(page.page.getByTestId('round-trip')).toContainText('ms');
  await expect(page.page.getByTestId('result')).toHaveText('Counted. 2 clicks overall.');
  expect(await page.shown()).toBe(2);
});

test('a visitor who clicks again before the page is live loses no click', async ({
  cluster,
  visitor,
}) => {
  const page = await visitor.tab('ord');
  const replies = await interceptReplies(page.page);
  replies.hold();
  await page.load();
  // By the form until the page is hydrated, by the page from then on.
  await page.click(5);

  replies.release();

  await page.is('live');
  await expect.poll(async () => (await cluster.world('syd')).clicks).toBe(5);
  await page.shows(5);
});

test.describe('where a session may click once a second', () => {
  test.use({ places: ['ord'], settings: { SESSION_CLICKS_PER_SECOND: '1', SESSION_CLICKS_AT_ONCE: '4' } });

  test('clicks beyond that are refused with a clear message', async ({ cluster, visitor }, info) => {
    const page = await visitor.open('ord');

    await page.click(12);

    await expect(page.notice).toHaveCSS('opacity', '1');
    await expect(page.notice).toContainText('Too many clicks');
    await expect(page.notice).toContainText('Wait a moment');
    await page.page.screenshot({ path: info.outputPath('refused.png') });
    // The page shows its clicks before they are counted, and some may be on their way.
    await expect(async () => {
      expect(await page.shown()).toBe((await cluster.world('ord')).clicks);
    }).toPass({ timeout: 10_000 });
    const { clicks } = await cluster.world('ord');
    expect(clicks).toBeGreaterThanOrEqual(4);
    expect(clicks).toBeLessThan(12);
    await page.shows(clicks);

    // What was refused stays refused: after the message has gone the next click counts.
    await expect(page.notice).toHaveCSS('opacity', '0', { timeout: 15_000 });
    await expect(page.notice).toHaveText('');
    await page.click(1);
    await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(clicks + 1);
    await page.shows(clicks + 1);
  });
});

test.describe('many tabs on one server', () => {
  test.use({ places: ['ord'] });

  test('all of them follow a click', async ({ cluster, visitor }) => {
    const tabs = await Promise.all(Array.from({ length: 15 }, () => visitor.open('ord')));
    await expect.poll(() => cluster.world('ord')).toMatchObject({ people: 1, connections: 15 });

    await tabs[0].more.click();
    await Promise.all(tabs.map((tab) => tab.shows(1)));

    await Promise.all(tabs.map((tab) => tab.more.click()));
    await Promise.all(tabs.map((tab) => tab.shows(16)));
    expect((await cluster.world('ord')).clicks).toBe(16);
  });
});
