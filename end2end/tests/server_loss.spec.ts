import { noteCloses, swallowLater } from './support/live_socket';
import type { SitePage } from './support/site_page';
import { expect, test } from './support/test';

/** In which the people of a killed instance must be gone from every page. */
const GONE_MS = 6_000;
/** What a busy machine may add to a time that the design promises. */
const LAG_MS = 5_000;
/** In which a page must notice a connection that swallows everything. */
const NOTICED_MS = 15_000;
/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 15_000;

/** Notes how a page stands with its server from now on. */
async function noteStates(page: SitePage): Promise<() => Promise<string[]>> {
  const states = await page.connection.evaluateHandle((pill) => {
    const states: string[] = [];
    new MutationObserver(() => states.push(pill.getAttribute('data-state') ?? '')).observe(pill, { attributes: true });
    return states;
  });
  return () => states.jsonValue();
}

test.describe('a server is killed', () => {
  test('its people vanish from the other pages', async ({ cluster, watch, newVisitor }) => {
    const [lost, watcher] = [await newVisitor(), await newVisitor()];
    await lost.open('ord');
    await cluster.click('ord', 1);
    const [fra, syd] = [await watcher.open('fra'), await watcher.open('syd')];
    for (const page of [fra, syd]) await expect(page.cell('ord', 'people')).toHaveText('1');

    watch.allowRefusals(cluster.url('ord'));
    await cluster.kill('ord');
    const deadline = Date.now() + GONE_MS + LAG_MS;

    for (const page of [fra, syd]) {
      const timeout = Math.max(deadline - Date.now(), 1);
      await expect(page.cell('ord', 'people')).toHaveText('0', { timeout });
      await expect(page.cell('ord', 'instances')).toHaveText('0');
      // Its clicks stay.
      await expect(page.cell('ord', 'clicks')).toHaveText('1');
    }
  });

  test('its page waits, comes back by itself, and loses and doubles no click', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const page = await (await newVisitor()).open('ord');
    const other = await (await newVisitor()).open('fra');
    watch.allowRefusals(cluster.url('ord'));

    const burst = page.click(15);
    await other.click(1);
    await cluster.kill('ord');
    await burst;

    await expect(page.connection).toHaveAttribute('data-state', /reconnecting|offline/);
    // While a page still hopes, it may say nothing of clicks that have not waited for long.
    await page.is('offline');
    const before = Number(/^\d+/.exec((await page.waiting.textContent()) ?? '')?.[0] ?? 0);
    await page.click(3);
    await expect(page.waiting).toHaveText(`${before + 3} clicks wait to be counted.`);
    const shown = await page.shown();
    await page.is('offline');
    await expect(page.connection).toContainText('Connection lost');
    await expect(page.connectionDetail).toHaveText(
      /^Numbers are \d+ s old\. The server in Chicago \(ord\) does not answer\. Still trying; your clicks will count once it does\.$/,
    );
    expect(await page.shown()).toBe(shown);

    const states = await noteStates(page);
    await cluster.start('ord');
    await page.is('live', BACK_MS);
    expect(await states(), 'nothing on the network blocks sockets').not.toContain('polling');

    await page.shows(19);
    await other.shows(19);
    await expect(page.waiting).toBeHidden();
    await expect(other.cell('ord', 'clicks')).toHaveText('18');
    for (const place of ['ord', 'fra', 'syd']) {
      await expect.poll(async () => (await cluster.world(place)).clicks).toBe(19);
    }
  });
});

test.describe('a connection swallows everything, unclosed', () => {
  test('the page notices, connects anew and shows what it missed', async ({ cluster, visitor }) => {
    const page = await visitor.tab('ord');
    const swallow = await swallowLater(page.page);
    await page.load();
    await page.is('live');

    swallow();
    await cluster.click('fra', 1);

    await expect(page.total).toHaveText('1', { timeout: NOTICED_MS + LAG_MS });
    await page.is('live');
  });

  test('a click without an answer says so, and counts once on the next connection', async ({
    cluster,
    visitor,
  }) => {
    const page = await visitor.tab('ord');
    const swallow = await swallowLater(page.page);
    await page.load();
    await page.is('live');

    swallow();
    await page.click(1);

    await page.is('unanswered');
    await expect(page.connectionDetail).toContainText('Your clicks are saved and will count.');
    const [navigation, notice] = [await page.navigation.boundingBox(), await page.connectionDetail.boundingBox()];
    expect(notice?.y, 'the notice covers no link').toBeGreaterThan(navigation!.y + navigation!.height);
    await page.is('live', BACK_MS);
    await page.shows(1);
    await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(1);
  });
});

test.describe('two instances of one region', () => {
  test.use({ places: ['ord', 'ord#2', 'fra'] });

  test('they add up', async ({ newVisitor }) => {
    const first = await (await newVisitor()).open('ord');
    const second = await (await newVisitor()).open('ord#2');
    const other = await (await newVisitor()).open('fra');

    await Promise.all([first.click(3), second.click(4), other.click(1)]);

    for (const page of [first, second, other]) {
      await page.shows(8);
      await expect(page.cell('ord', 'clicks')).toHaveText('7');
      await expect(page.cell('ord', 'people')).toHaveText('2');
      await expect(page.cell('ord', 'instances')).toHaveText('2');
    }
    const instances = [first, second].map((page) => page.servedInstance.innerText());
    expect(new Set(await Promise.all(instances)).size).toBe(2);
  });

  test('one that shuts down tells its pages, and no click is lost', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const page = await (await newVisitor()).tab('ord#2');
    const closes = await noteCloses(page.page);
    await page.load();
    await page.is('live');
    const other = await (await newVisitor()).open('ord');
    await expect(other.cell('ord', 'people')).toHaveText('2');
    watch.allowRefusals(cluster.url('ord#2'));

    const burst = page.click(15);
    await other.click(1);
    const ending = await cluster.stop('ord#2');
    await burst;

    expect(ending).toEqual({ code: 0, signal: null });
    await expect.poll(async () => (await closes())[0]).toBe(1012);
    await expect(other.cell('ord', 'people')).toHaveText('1');
    await expect(other.cell('ord', 'instances')).toHaveText('1');

    await cluster.start('ord#2');
    await page.is('live', BACK_MS);

    for (const each of [page, other]) {
      await each.shows(16);
      await expect(each.cell('ord', 'people')).toHaveText('2');
    }
    await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(16);
  });
});
