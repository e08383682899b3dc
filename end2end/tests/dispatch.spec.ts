import { slowDown } from './support/pings';
import { expect, test } from './support/test';

/** In which a page must be at another region when its own has died. */
const MOVED_MS = 5_000;
/** What a busy machine may add to a time that the design promises. */
const LAG_MS = 6_000;
/** In which a page has measured all regions and goes on: two rounds and their pauses, on a busy machine. */
const MEASURED_MS = 30_000;
/** A way so slow that no busy machine makes it look quick, in milliseconds. */
const SLOW_MS = 700;
/** A way so slow that what a busy machine adds to it is no reason to change, in milliseconds. */
const EQUAL_MS = 500;
/** After so many answers from each region a page has gone elsewhere, if ever. */
const SETTLED_PINGS = 9;

test.describe.configure({ timeout: 120_000 });

test('the parties lists the live regions with the time to each', async ({
  cluster,
  watch,
  visitor,
}) => {
  const parties = await visitor.parties('fra');

  await expect(parties.regions).toHaveCount(3);
  // As seen from Frankfurt.
  expect(await parties.order()).toEqual(['fra', 'ord', 'syd']);
  await expect(parties.fact('ord', 'distance')).toHaveText(/^[67],\d{3} km$/);
  await expect(parties.fact('syd', 'distance')).toHaveText(/^16,\d{3} km$/);
  for (const code of ['fra', 'ord', 'syd']) {
    await expect(parties.fact(code, 'round-trip')).toHaveText(/^(\d+|under 1) ms$/);
    await expect(parties.fact(code, 'instances')).toHaveText('1 instance');
  }
  await expect(parties.region('fra')).toContainText('serving you');
  await expect(parties.reason).toHaveText(/ms away/);

  // The list is live.
  await parties.markDocument();
  watch.allowRefusals(cluster.url('syd'));
  await cluster.stop('syd');
  await expect(parties.region('syd')).toHaveCount(0, { timeout: MOVED_MS + LAG_MS });
  await cluster.start('syd');
  await expect(parties.region('syd')).toBeVisible({ timeout: MOVED_MS + LAG_MS });
  await expect(parties.fact('syd', 'round-trip')).toHaveText(/ms$/, { timeout: MEASURED_MS });
  expect(await parties.isMarked()).toBe(true);
});

test('a slow region’s page goes to the fast one by itself', async ({ cluster, visitor }) => {
  const fast = cluster.url('fra');
  await slowDown(visitor.context, (server) => (server === fast ? undefined : SLOW_MS));
  const parties = await visitor.partiesTab('ord');

  await parties.load();

  await expect(parties.page).toHaveURL(`${fast}/party?sent=1`, { timeout: MEASURED_MS });
  await parties.is('live');
  await expect(parties.city).toHaveText('Frankfurt');
  await expect(parties.reason).toHaveText(/the fastest of 3/, { timeout: MEASURED_MS });
  // It takes its place in the tab's history: going back does not come here again.
  expect(await parties.page.evaluate(() => history.length)).toBe(2);
});

test('it goes once, even if every other region is faster again', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server, page) =>
    server === page ? SLOW_MS : undefined,
  );
  const parties = await visitor.partiesTab('ord');
  await parties.load();
  await expect(parties.page).toHaveURL(/sent=1/, { timeout: MEASURED_MS });
  const there = parties.origin();
  expect(there).not.toBe(urls[0]);

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(there, url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(parties.origin()).toBe(there);
  await parties.is('live');
  // It says where it would be faster, and leaves it to the visitor.
  const city = await parties.city.innerText();
  expect(cluster.url((await parties.city.getAttribute('data-region')) ?? '')).not.toBe(there);
  await parties.page.getByRole('link', { name: `Go to ${city}` }).click();
  await expect.poll(() => parties.origin()).not.toBe(there);
  await parties.is('live');
});

test('where all take as long, the page stays', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, () => EQUAL_MS);
  const parties = await visitor.partiesTab('ord');
  await parties.load();
  await parties.markDocument();

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(urls[0], url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(await parties.isMarked()).toBe(true);
  await expect(parties.city).toHaveText('Chicago');
  await expect(parties.reason).toHaveText(/ms away/);
});

test('a region that the visitor chooses is kept, with what they typed', async ({
  cluster,
  visitor,
}) => {
  const [ord, fra, syd] = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server) => (server === syd ? SLOW_MS : undefined));
  const parties = await visitor.partiesTab('ord');
  await parties.load();
  await parties.is('live');
  await parties.joinName.fill('Ann & Bö');
  await parties.joinCode.fill('123 456 789');

  await parties.page.getByRole('link', { name: 'Go to Sydney' }).click();

  await parties.page.waitForURL(`${syd}/party?sent=1**`);
  await parties.is('live');
  await expect(parties.joinName).toHaveValue('Ann & Bö');
  await expect(parties.createName).toHaveValue('Ann & Bö');
  await expect(parties.joinCode).toHaveValue('123 456 789');
  await parties.markDocument();
  await expect
    .poll(() => Math.min(...[ord, fra, syd].map((url) => pings.count(syd, url))), {
      timeout: MEASURED_MS,
    })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);
  expect(await parties.isMarked()).toBe(true);
});

test('a visitor who has begun to type is left where they are', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server, page) =>
    server === page ? SLOW_MS : undefined,
  );
  const parties = await visitor.partiesTab('ord');
  await parties.load();
  // Before the page has measured anything, perhaps before it runs.
  await parties.createName.fill('Ann');
  await parties.markDocument();

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(urls[0], url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(await parties.isMarked()).toBe(true);
  await expect(parties.createName).toHaveValue('Ann');
});

test.describe('the region dies', () => {
  test('its parties is at the next region in time, with what was typed', async ({
    cluster,
    watch,
    visitor,
  }) => {
    const parties = await visitor.parties('ord');
    await parties.joinName.fill('Ann');
    await parties.joinCode.fill('123-456-789');

    watch.allowRefusals(cluster.url('ord'));
    await cluster.kill('ord');

    const timeout = MOVED_MS + LAG_MS;
    await expect.poll(() => parties.origin(), { timeout }).not.toBe(cluster.url('ord'));
    expect([cluster.url('fra'), cluster.url('syd')]).toContain(parties.origin());
    await parties.is('live');
    await expect(parties.joinName).toHaveValue('Ann');
    await expect(parties.joinCode).toHaveValue('123-456-789');
    await expect(parties.joinCode).toBeFocused();
    await expect(parties.region('ord')).toHaveCount(0, { timeout });
  });

  test('a participant is at the next region in time, as the same one', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const ann = await (await newVisitor()).start('ord', 'Ann');
    const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
    await bo.shows(['Ann host online', 'Bo online you']);
    await bo.markDocument();

    watch.allowRefusals(cluster.url('ord'));
    await cluster.kill('ord');

    const timeout = MOVED_MS + LAG_MS;
    await expect.poll(() => ann.origin(), { timeout }).not.toBe(cluster.url('ord'));
    await ann.is('live');
    // What the dead one held is forgotten, what lives is not.
    await cluster.until('fra', 'ord to be gone', async () => {
      return ((await cluster.region('fra', 'ord'))?.instances ?? 0) === 0;
    });
    await ann.shows(['Ann host online you', 'Bo online']);
    await bo.shows(['Ann host online', 'Bo online you']);
    expect(await bo.isMarked()).toBe(true);
    await ann.renameName.fill('Ann again');
    await ann.rename.click();
    await bo.shows(['Ann again host online', 'Bo online you']);
  });

  test('what a participant was typing goes along', async ({ cluster, watch, visitor }) => {
    const ann = await visitor.start('syd', 'Ann');
    await ann.renameName.fill('Ann of the south');

    watch.allowRefusals(cluster.url('syd'));
    await cluster.kill('syd');

    const timeout = MOVED_MS + LAG_MS;
    await expect.poll(() => ann.origin(), { timeout }).not.toBe(cluster.url('syd'));
    await ann.is('live');
    await expect(ann.renameName).toHaveValue('Ann of the south');
    await ann.shows(['Ann host online you']);
  });
});

test('without JavaScript the parties tells distances and links to every region', async ({
  cluster,
  newVisitor,
}, info) => {
  const parties = await (await newVisitor({ javaScriptEnabled: false })).parties('ord');

  await expect(parties.city).toHaveText('Chicago');
  expect(await parties.order()).toEqual(['ord', 'fra', 'syd']);
  await expect(parties.fact('fra', 'distance')).toHaveText(/^[67],\d{3} km$/);
  await expect(parties.fact('fra', 'round-trip')).toHaveText('not measured');
  await expect(parties.locate).toBeHidden();
  await parties.page.screenshot({ path: info.outputPath('plain.png'), fullPage: true });

  await parties.page.getByRole('link', { name: 'Go to Frankfurt' }).click();

  expect(parties.origin()).toBe(cluster.url('fra'));
  await expect(parties.city).toHaveText('Frankfurt');
  expect(await parties.order()).toEqual(['fra', 'ord', 'syd']);
});
