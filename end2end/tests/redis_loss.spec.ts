import { expect, test } from './support/test';

/** In which the people of a killed instance must be gone from every page, where another takes its Redis over first. */
const GONE_MS = 10_000;
/** What a busy machine may add to a time that the design promises. */
const LAG_MS = 5_000;

test.describe('Redis is killed', () => {
  test('pages say how old the numbers are, and clicks count after', async ({
    cluster,
    newVisitor,
  }) => {
    const page = await (await newVisitor()).open('ord');
    const other = await (await newVisitor()).open('fra');
    await page.click(2);
    await other.shows(2);

    await cluster.redis.kill();

    await page.is('stale');
    await expect(page.connectionDetail).toContainText(/Numbers are \d+ s old/);
    const age = async () => Number(/(\d+) s old/.exec(await page.connectionDetail.innerText())?.[1]);
    const before = await age();
    await page.click(3);
    await other.click(1);
    expect(await page.shown()).toBe(5);
    expect(await other.shown()).toBe(3);
    await expect(page.waiting).toHaveText('3 clicks wait to be counted.');
    await expect(other.waiting).toHaveText('1 click waits to be counted.');
    await expect.poll(age).toBeGreaterThan(before);

    await cluster.redis.start();

    for (const each of [page, other]) {
      await each.is('live');
      await each.shows(6);
      await expect(each.waiting).toBeHidden();
    }
    await expect.poll(() => cluster.world('syd')).toMatchObject({ clicks: 6, age_ms: 0, people: 2 });
  });

  test('the page is still rendered, with the age of its numbers', async ({ cluster, newVisitor }) => {
    await cluster.click('ord', 5);
    await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(5);

    await cluster.redis.kill();
    await expect.poll(async () => (await cluster.world('fra')).age_ms).toBeGreaterThan(0);
    const first = (await cluster.world('fra')).age_ms;
    await expect.poll(async () => (await cluster.world('fra')).age_ms).toBeGreaterThan(first);

    // Nobody has seen a page of this server before.
    const page = await (await newVisitor()).tab('fra');
    expect((await page.load()).status()).toBe(200);
    await page.is('stale');
    await page.shows(5);
    await expect(page.connectionDetail).toContainText(/Numbers are \d+ s old/);
    await page.click(1);

    await cluster.redis.start();
    await page.is('live');
    await page.shows(6);
    await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(6);
  });
});

test.describe('Redis takes no writes', () => {
  test.use({ places: ['ord', 'fra', 'syd'] });

  test('pages say so and stay connected, clicks count once after, and who is killed disappears', async ({
    cluster,
    newVisitor,
  }) => {
    const page = await (await newVisitor()).tab('ord');
    let sockets = 0;
    page.page.on('websocket', () => (sockets += 1));
    await page.load();
    await page.is('live');
    const other = await (await newVisitor()).open('fra');
    await page.click(2);
    await other.shows(2);
    await expect(other.row('syd')).toHaveCount(1);

    await cluster.redis.fill(true);
    await page.is('stale');
    await other.is('stale');
    await expect(page.connectionDetail).toContainText(/Numbers are \d+ s old/);
    await page.click(3);
    await expect(page.waiting).toHaveText('3 clicks wait to be counted.');
    await cluster.kill('syd');

    // A socket whose click has no answer is replaced after six seconds, if the page expects one.
    await expect(other.row('syd')).toHaveCount(0, { timeout: GONE_MS + LAG_MS });
    await expect
      .poll(async () => (await cluster.world('fra')).age_ms, { timeout: GONE_MS + LAG_MS })
      .toBeGreaterThan(GONE_MS);
    await page.is('stale');
    await expect(page.waiting).toHaveText('3 clicks wait to be counted.');
    expect(sockets).toBe(1);

    await cluster.redis.fill(false);
    for (const each of [page, other]) {
      await each.is('live');
      await each.shows(5);
      await expect(each.waiting).toBeHidden();
    }
    await expect.poll(() => cluster.world('fra')).toMatchObject({ clicks: 5, age_ms: 0, people: 2 });
    expect(sockets).toBe(1);
  });
});

test.describe('the servers keep a Redis themselves', () => {
  test.use({ places: ['ord', 'fra'], embedded: true });

  test('if its owner is killed another takes it over, and nothing is lost', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const pages = {
      ord: await (await newVisitor()).open('ord'),
      fra: await (await newVisitor()).open('fra'),
    };
    await pages.ord.click(2);
    await pages.fra.click(2);
    for (const page of Object.values(pages)) await page.shows(4);

    watch.allowRefusals(cluster.url('ord'));
    await cluster.kill('ord');

    await pages.fra.click(1);
    const timeout = GONE_MS + LAG_MS;
    await expect(pages.fra.cell('ord', 'people')).toHaveText('0', { timeout });
    await pages.fra.shows(5);
    await expect.poll(() => cluster.world('fra')).toMatchObject({ clicks: 5, age_ms: 0 });

    await cluster.start('ord');
    await pages.ord.is('live', 15_000);
    await pages.ord.shows(5);
  });
});
