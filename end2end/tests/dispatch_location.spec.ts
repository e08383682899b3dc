import { expect, test } from './support/test';

const REYKJAVIK = { latitude: 64.15, longitude: -21.94 };
const AUCKLAND = { latitude: -36.85, longitude: 174.76 };

test.describe.configure({ timeout: 120_000 });

test.describe('where the visitor is', () => {
  test('with their consent it changes distances and the way, and goes along', async ({
    newVisitor,
  }, info) => {
    const visitor = await newVisitor({ geolocation: AUCKLAND, permissions: ['geolocation'] });
    const parties = await visitor.parties('fra');
    await expect(parties.place).toContainText('measured from Frankfurt');
    expect(await parties.order()).toEqual(['fra', 'ord', 'syd']);
    const before = await parties.way.getAttribute('d');

    await parties.locate.click();

    await expect(parties.place).toContainText('measured from your location');
    await expect(parties.locate).toBeFocused();
    await expect(parties.fact('syd', 'distance')).toHaveText(/^2,\d{3} km$/);
    await expect(parties.fact('fra', 'distance')).toHaveText(/^18,\d{3} km$/);
    expect(await parties.order()).toEqual(['syd', 'ord', 'fra']);
    const after = await parties.way.getAttribute('d');
    expect(after).toMatch(/^M[\d.]+ [\d.]+(M|L)/);
    expect(after).not.toBe(before);
    await parties.page.screenshot({ path: info.outputPath('way.png'), fullPage: true });

    await parties.page.getByRole('link', { name: 'Go to Sydney' }).click();
    await parties.is('live');
    await expect(parties.place).toContainText('measured from your location');
    await expect(parties.fact('syd', 'distance')).toHaveText(/^2,\d{3} km$/);
  });

  test('a party that is started there is found there', async ({ newVisitor }) => {
    const place = { geolocation: REYKJAVIK, permissions: ['geolocation'] };
    const ann = await (await newVisitor(place)).parties('ord');
    await ann.locate.click();
    await expect(ann.place).toContainText('measured from your location');
    const party = await ann.start('Ann');

    const bo = await (await newVisitor(place)).parties('syd');
    await expect(bo.party(party.code)).toHaveCount(0);
    await bo.locate.click();

    await expect(bo.party(party.code)).toContainText('Ann’s party');
    await expect(bo.party(party.code).locator('[data-cell=distance]')).toHaveText('under 1 km');
  });

  test('decides where nothing is measured', async ({ watch, newVisitor }) => {
    const visitor = await newVisitor({ geolocation: AUCKLAND, permissions: ['geolocation'] });
    await visitor.context.route('**/ping', (route) => route.abort());
    watch.allow('Failed to load resource: net::ERR_FAILED');
    const parties = await visitor.parties('fra');
    await expect(parties.city).toHaveText('Frankfurt');
    await expect(parties.reason).toContainText('It serves you now');

    await parties.locate.click();

    await expect(parties.city).toHaveText('Sydney');
    await expect(parties.reason).toHaveText(/^2,\d{3} km away, the nearest of 3/);
    for (const code of ['fra', 'ord', 'syd']) {
      await expect(parties.fact(code, 'round-trip')).toHaveText('no answer');
    }
  });

  test('a no is taken kindly', async ({ newVisitor }) => {
    const parties = await (await newVisitor({ permissions: [] })).parties('fra');

    await parties.locate.click();

    await expect(parties.place).toHaveText(
      'No problem: your location stays private. Distances are measured from Frankfurt.',
    );
    await expect(parties.locate).toBeVisible();
    await expect(parties.locate).toBeEnabled();
    expect(await parties.order()).toEqual(['fra', 'ord', 'syd']);
  });
});
