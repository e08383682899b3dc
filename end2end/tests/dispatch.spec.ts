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

const REYKJAVIK = { latitude: 64.15, longitude: -21.94 };
const AUCKLAND = { latitude: -36.85, longitude: 174.76 };

test.describe.configure({ timeout: 120_000 });

test('the hall lists the live regions with the time to each', async ({
  cluster,
  watch,
  visitor,
}) => {
  const hall = await visitor.hall('fra');

  await expect(hall.regions).toHaveCount(3);
  // As seen from Frankfurt.
  expect(await hall.order()).toEqual(['fra', 'ord', 'syd']);
  await expect(hall.fact('ord', 'distance')).toHaveText(/^[67],\d{3} km$/);
  await expect(hall.fact('syd', 'distance')).toHaveText(/^16,\d{3} km$/);
  for (const code of ['fra', 'ord', 'syd']) {
    await expect(hall.fact(code, 'round-trip')).toHaveText(/^(\d+|under 1) ms$/);
    await expect(hall.fact(code, 'instances')).toHaveText('1 instance');
  }
  await expect(hall.region('fra')).toContainText('serves you');
  await expect(hall.reason).toHaveText(/ms from here/);

  // The list is live.
  await hall.markDocument();
  watch.allowRefusals(cluster.url('syd'));
  await cluster.stop('syd');
  await expect(hall.region('syd')).toHaveCount(0, { timeout: MOVED_MS + LAG_MS });
  await cluster.start('syd');
  await expect(hall.region('syd')).toBeVisible({ timeout: MOVED_MS + LAG_MS });
  await expect(hall.fact('syd', 'round-trip')).toHaveText(/ms$/, { timeout: MEASURED_MS });
  expect(await hall.isMarked()).toBe(true);
});

test('a slow region’s page goes to the fast one by itself', async ({ cluster, visitor }) => {
  const fast = cluster.url('fra');
  await slowDown(visitor.context, (server) => (server === fast ? undefined : SLOW_MS));
  const hall = await visitor.hallTab('ord');

  await hall.load();

  await expect(hall.page).toHaveURL(`${fast}/party?sent=1`, { timeout: MEASURED_MS });
  await hall.is('live');
  await expect(hall.city).toHaveText('Frankfurt');
  await expect(hall.reason).toHaveText(/the fastest of 3/, { timeout: MEASURED_MS });
  // It takes its place in the tab's history: going back does not come here again.
  expect(await hall.page.evaluate(() => history.length)).toBe(2);
});

test('it goes once, even if every other region is faster again', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server, page) =>
    server === page ? SLOW_MS : undefined,
  );
  const hall = await visitor.hallTab('ord');
  await hall.load();
  await expect(hall.page).toHaveURL(/sent=1/, { timeout: MEASURED_MS });
  const there = hall.origin();
  expect(there).not.toBe(urls[0]);

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(there, url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(hall.origin()).toBe(there);
  await hall.is('live');
  // It says where it would be faster, and leaves it to the visitor.
  const city = await hall.city.innerText();
  expect(cluster.url((await hall.city.getAttribute('data-region')) ?? '')).not.toBe(there);
  await hall.page.getByRole('link', { name: `Go to ${city}` }).click();
  await expect.poll(() => hall.origin()).not.toBe(there);
  await hall.is('live');
});

test('where all take as long, the page stays', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, () => EQUAL_MS);
  const hall = await visitor.hallTab('ord');
  await hall.load();
  await hall.markDocument();

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(urls[0], url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(await hall.isMarked()).toBe(true);
  await expect(hall.city).toHaveText('Chicago');
  await expect(hall.reason).toHaveText(/ms from here/);
});

test('a region that the visitor chooses is kept, with what they typed', async ({
  cluster,
  visitor,
}) => {
  const [ord, fra, syd] = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server) => (server === syd ? SLOW_MS : undefined));
  const hall = await visitor.hallTab('ord');
  await hall.load();
  await hall.is('live');
  await hall.joinName.fill('Ann & Bö');
  await hall.joinCode.fill('123 456 789');

  await hall.page.getByRole('link', { name: 'Go to Sydney' }).click();

  await hall.page.waitForURL(`${syd}/party?sent=1**`);
  await hall.is('live');
  await expect(hall.joinName).toHaveValue('Ann & Bö');
  await expect(hall.createName).toHaveValue('Ann & Bö');
  await expect(hall.joinCode).toHaveValue('123 456 789');
  await hall.markDocument();
  await expect
    .poll(() => Math.min(...[ord, fra, syd].map((url) => pings.count(syd, url))), {
      timeout: MEASURED_MS,
    })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);
  expect(await hall.isMarked()).toBe(true);
});

test('a visitor who has begun to type is left where they are', async ({ cluster, visitor }) => {
  const urls = ['ord', 'fra', 'syd'].map((place) => cluster.url(place));
  const pings = await slowDown(visitor.context, (server, page) =>
    server === page ? SLOW_MS : undefined,
  );
  const hall = await visitor.hallTab('ord');
  await hall.load();
  // Before the page has measured anything, perhaps before it runs.
  await hall.createName.fill('Ann');
  await hall.markDocument();

  await expect
    .poll(() => Math.min(...urls.map((url) => pings.count(urls[0], url))), { timeout: MEASURED_MS })
    .toBeGreaterThanOrEqual(SETTLED_PINGS);

  expect(await hall.isMarked()).toBe(true);
  await expect(hall.createName).toHaveValue('Ann');
});

test.describe('the region dies', () => {
  test('its hall is at the next region in time, with what was typed', async ({
    cluster,
    watch,
    visitor,
  }) => {
    const hall = await visitor.hall('ord');
    await hall.joinName.fill('Ann');
    await hall.joinCode.fill('123-456-789');

    watch.allowRefusals(cluster.url('ord'));
    await cluster.kill('ord');

    const timeout = MOVED_MS + LAG_MS;
    await expect.poll(() => hall.origin(), { timeout }).not.toBe(cluster.url('ord'));
    expect([cluster.url('fra'), cluster.url('syd')]).toContain(hall.origin());
    await hall.is('live');
    await expect(hall.joinName).toHaveValue('Ann');
    await expect(hall.joinCode).toHaveValue('123-456-789');
    await expect(hall.region('ord')).toHaveCount(0, { timeout });
  });

  test('a participant is at the next region in time, as the same one', async ({
    cluster,
    watch,
    newVisitor,
  }) => {
    const ann = await (await newVisitor()).start('ord', 'Ann');
    const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
    await bo.shows(['Ann leads online', 'Bo online you']);
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
    await ann.shows(['Ann leads online you', 'Bo online']);
    await bo.shows(['Ann leads online', 'Bo online you']);
    expect(await bo.isMarked()).toBe(true);
    await ann.renameName.fill('Ann again');
    await ann.rename.click();
    await bo.shows(['Ann again leads online', 'Bo online you']);
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
    await ann.shows(['Ann leads online you']);
  });
});

test.describe('where the visitor is', () => {
  test('with their consent it changes distances and the way, and goes along', async ({
    newVisitor,
  }, info) => {
    const visitor = await newVisitor({ geolocation: AUCKLAND, permissions: ['geolocation'] });
    const hall = await visitor.hall('fra');
    await expect(hall.place).toContainText('distances are from Frankfurt');
    expect(await hall.order()).toEqual(['fra', 'ord', 'syd']);
    const before = await hall.way.getAttribute('d');

    await hall.locate.click();

    await expect(hall.place).toContainText('Distances are from where you are');
    await expect(hall.locate).toBeHidden();
    await expect(hall.fact('syd', 'distance')).toHaveText(/^2,\d{3} km$/);
    await expect(hall.fact('fra', 'distance')).toHaveText(/^18,\d{3} km$/);
    expect(await hall.order()).toEqual(['syd', 'ord', 'fra']);
    const after = await hall.way.getAttribute('d');
    expect(after).toMatch(/^M[\d.]+ [\d.]+(M|L)/);
    expect(after).not.toBe(before);
    await hall.page.screenshot({ path: info.outputPath('way.png'), fullPage: true });

    await hall.page.getByRole('link', { name: 'Go to Sydney' }).click();
    await hall.is('live');
    await expect(hall.place).toContainText('Distances are from where you are');
    await expect(hall.fact('syd', 'distance')).toHaveText(/^2,\d{3} km$/);
  });

  test('a party that is started there is found there', async ({ newVisitor }) => {
    const place = { geolocation: REYKJAVIK, permissions: ['geolocation'] };
    const ann = await (await newVisitor(place)).hall('ord');
    await ann.locate.click();
    await expect(ann.place).toContainText('Distances are from where you are');
    const party = await ann.start('Ann');

    const bo = await (await newVisitor(place)).hall('syd');
    await expect(bo.party(party.code)).toHaveCount(0);
    await bo.locate.click();

    await expect(bo.party(party.code)).toContainText('Ann’s party');
    await expect(bo.party(party.code).locator('[data-cell=distance]')).toHaveText('under 1 km');
  });

  test('decides where nothing is measured', async ({ watch, newVisitor }) => {
    const visitor = await newVisitor({ geolocation: AUCKLAND, permissions: ['geolocation'] });
    await visitor.context.route('**/ping', (route) => route.abort());
    watch.allow('Failed to load resource: net::ERR_FAILED');
    const hall = await visitor.hall('fra');
    await expect(hall.city).toHaveText('Frankfurt');
    await expect(hall.reason).toContainText('It serves you now');

    await hall.locate.click();

    await expect(hall.city).toHaveText('Sydney');
    await expect(hall.reason).toHaveText(/^2,\d{3} km away, the nearest of 3/);
    for (const code of ['fra', 'ord', 'syd']) {
      await expect(hall.fact(code, 'round-trip')).toHaveText('no answer');
    }
  });

  test('a no is taken kindly', async ({ newVisitor }) => {
    const hall = await (await newVisitor({ permissions: [] })).hall('fra');

    await hall.locate.click();

    await expect(hall.place).toHaveText(
      'That is fine: your place stays with you, and distances are from Frankfurt.',
    );
    await expect(hall.locate).toBeVisible();
    await expect(hall.locate).toBeEnabled();
    expect(await hall.order()).toEqual(['fra', 'ord', 'syd']);
  });
});

test('without JavaScript the hall tells distances and links to every region', async ({
  cluster,
  newVisitor,
}, info) => {
  const hall = await (await newVisitor({ javaScriptEnabled: false })).hall('ord');

  await expect(hall.city).toHaveText('Chicago');
  expect(await hall.order()).toEqual(['ord', 'fra', 'syd']);
  await expect(hall.fact('fra', 'distance')).toHaveText(/^[67],\d{3} km$/);
  await expect(hall.fact('fra', 'round-trip')).toHaveText('not measured');
  await expect(hall.locate).toBeHidden();
  await hall.page.screenshot({ path: info.outputPath('plain.png'), fullPage: true });

  await hall.page.getByRole('link', { name: 'Go to Frankfurt' }).click();

  expect(hall.origin()).toBe(cluster.url('fra'));
  await expect(hall.city).toHaveText('Frankfurt');
  expect(await hall.order()).toEqual(['fra', 'ord', 'syd']);
});
