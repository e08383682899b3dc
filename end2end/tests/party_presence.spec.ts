import { expect, test } from './support/test';

/** In which the participants of a killed instance must be offline on every page. */
const GONE_MS = 6_000;
/** What a busy machine may add to a time that the design promises. */
const LAG_MS = 6_000;
/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 20_000;

test.use({ places: ['ord', 'fra'] });

test('who closes the last tab goes offline, and comes back online', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const person = await newVisitor();
  const bo = await person.join('fra', ann.code, 'Bo');
  const second = await person.party('fra', ann.code);
  await ann.shows(['Ann host online you', 'Bo online']);
  await ann.markDocument();

  await second.page.close();
  // Nothing tells of it: what comes after it does.
  const cy = await (await newVisitor()).join('fra', ann.code, 'Cy');
  await ann.shows(['Ann host online you', 'Bo online', 'Cy online']);

  await bo.page.close();
  await ann.shows(['Ann host online you', 'Cy online', 'Bo offline']);
  await cy.shows(['Ann host online', 'Cy online you', 'Bo offline']);
  await expect(ann.mark('Bo', 'offline')).toBeVisible();
  await expect(ann.words).toHaveText('3 people, 2 online · hosted by Ann');

  await person.party('ord', ann.code);
  await ann.shows(['Ann host online you', 'Bo online', 'Cy online']);
  expect(await ann.isMarked()).toBe(true);
});

test('a killed instance takes its participants offline, and they come back with it', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const ann = await (await newVisitor()).start('fra', 'Ann');
  const person = await newVisitor();
  // Where no other region answers, a page cannot move: it waits for its own.
  await person.context.route('**/ping', (route) => route.abort());
  watch.allow('Failed to load resource: net::ERR_FAILED');
  const bo = await person.join('ord', ann.code, 'Bo');
  await ann.shows(['Ann host online you', 'Bo online']);
  await ann.markDocument();

  watch.allowRefusals(cluster.url('ord'));
  await cluster.kill('ord');

  await ann.shows(['Ann host online you', 'Bo offline'], GONE_MS + LAG_MS);
  await expect(bo.connection).toHaveAttribute('data-state', /reconnecting|offline/);

  await cluster.start('ord');
  await bo.is('live', BACK_MS);
  await ann.shows(['Ann host online you', 'Bo online']);
  await bo.shows(['Ann host online', 'Bo online you']);
  expect(await ann.isMarked()).toBe(true);
});

test('Redis is lost: the pages say so and go on after', async ({ cluster, watch, newVisitor }) => {
  const ann = await (await newVisitor()).start('fra', 'Ann');
  const bo = await (await newVisitor()).join('ord', ann.code, 'Bo');
  await ann.shows(['Ann host online you', 'Bo online']);

  await cluster.redis.kill();
  await bo.is('stale');
  await expect(bo.connectionDetail).toHaveText(/^This page is \d+ s old\. It catches up by itself\.$/);
  watch.allowStatus(503);
  const late = await (await newVisitor()).partiesTab('fra');
  const response = await late.page.goto(`${cluster.url('fra')}/party/${ann.code}`);
  expect(response?.status()).toBe(503);
  await expect(late.page.getByTestId('party-unknown')).toContainText('unavailable');

  await cluster.redis.start();

  // By itself.
  await expect(late.page.getByTestId('guest')).toBeVisible({ timeout: BACK_MS });
  await bo.is('live', BACK_MS);
  await ann.shows(['Ann host online you', 'Bo online'], BACK_MS);
});

test('Redis hangs: a page whose server knows the party waits, and does not load itself again and again', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  // While her page is open, its server remembers the party.
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const late = await (await newVisitor()).partiesTab('ord');
  cluster.redis.freeze();
  watch.allowStatus(503);
  await late.page.goto(`${cluster.url('ord')}/party/${ann.code}`);
  await expect(late.page.getByTestId('party-unknown')).toContainText('unavailable');
  await late.is('stale');
  const age = async () => Number(/(\d+) s old/.exec(await late.connectionDetail.innerText())?.[1]);
  const before = await age();
  await late.markDocument();

  await expect.poll(age, { timeout: BACK_MS }).toBeGreaterThan(before + 5);

  expect(await late.isMarked()).toBe(true);
  cluster.redis.thaw();
  await expect(late.page.getByTestId('guest')).toBeVisible({ timeout: BACK_MS });
});
