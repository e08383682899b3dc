import { expect, test } from './support/test';

/** The time between two looks of a page, and what a busy machine may add. */
const LOOK_MS = 15_000;

// Both are within the reach of a parties; the way between them is 366 km.
test.use({ places: ['fra', 'ams', 'syd'] });

test('a party appears in the parties of a region nearby, and goes with its last one', async ({
  newVisitor,
}) => {
  const parties = await (await newVisitor()).parties('ams');
  const far = await (await newVisitor()).parties('syd');
  await expect(parties.page.getByTestId('nearby-empty')).toBeVisible();
  await parties.markDocument();

  const ann = await (await newVisitor()).start('fra', 'Ann');
  const line = parties.party(ann.code);
  await expect(line).toContainText('Ann’s party', { timeout: LOOK_MS });
  await expect(line.locator('[data-cell=count]')).toHaveText('1 person');
  await expect(line.locator('[data-cell=region]')).toHaveText('Frankfurt');
  await expect(line.locator('[data-cell=distance]')).toHaveText(/^3\d\d km$/);
  await expect(parties.page.getByTestId('nearby-empty')).toBeHidden();

  const bo = await (await newVisitor({ javaScriptEnabled: false })).parties('ams');
  await bo.party(ann.code).getByRole('link', { name: 'Join Ann’s party' }).click();
  await bo.page.getByTestId('guest').getByLabel('Your name').fill('Bo');
  await bo.page.getByRole('button', { name: 'Join the party' }).click();
  await ann.shows(['Ann host online you', 'Bo offline']);
  await expect(line.locator('[data-cell=count]')).toHaveText('2 people', { timeout: LOOK_MS });

  await ann.goAway();
  await expect(line).toContainText('Bo’s party', { timeout: LOOK_MS });
  await bo.page.getByTestId('leave').click();
  await bo.page.getByRole('button', { name: 'Leave', exact: true }).click();

  await expect(line).toHaveCount(0, { timeout: LOOK_MS });
  await expect(parties.page.getByTestId('nearby-empty')).toBeVisible();
  expect(await parties.isMarked()).toBe(true);
  await expect(far.nearby).toHaveCount(0);
});

test('a hidden party is in no list', async ({ newVisitor }) => {
  const hidden = await (await (await newVisitor()).parties('fra')).start('Ann', { isListed: false });
  const shown = await (await (await newVisitor()).parties('fra')).start('Bo');

  for (const javaScriptEnabled of [true, false]) {
    for (const place of ['fra', 'ams']) {
      const parties = await (await newVisitor({ javaScriptEnabled })).parties(place);
      await expect(parties.party(shown.code)).toBeVisible();
      await expect(parties.party(hidden.code)).toHaveCount(0);
    }
  }

  // Not in what a page looks up later either: that look tells of the newest party.
  const parties = await (await newVisitor()).parties('ams');
  const newest = await (await newVisitor()).start('fra', 'Cy');
  await expect(parties.party(newest.code)).toBeVisible({ timeout: LOOK_MS });
  await expect(parties.party(hidden.code)).toHaveCount(0);
});
