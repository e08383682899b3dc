import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';
import type { Visitor } from './support/visitor';

const SCREENS = {
  phone: { width: 375, height: 812 },
  wide: { width: 1440, height: 900 },
};
const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdo';

test.use({ places: ['fra', 'ord', 'syd'] });
test.describe.configure({ timeout: 180_000 });

/** Somebody's page in every state in which a page of parties can be, one after the other. */
async function* states(visitor: Visitor, host: Visitor, join: () => Promise<void>) {
  const ann = await host.start('fra', LONG_NAME);
  const parties = await visitor.parties('fra');
  await expect(parties.party(ann.code)).toBeVisible();
  for (const code of ['fra', 'ord', 'syd']) {
    await expect(parties.fact(code, 'round-trip')).toHaveText(/ms$/, { timeout: 20_000 });
  }
  yield { name: 'parties', page: parties.page };
  await parties.sendJoin('12', 'Bo');
  await expect(parties.problem).toBeVisible();
  yield { name: 'parties-wrong', page: parties.page };
  await join();
  const party = await visitor.party('fra', ann.code);
  await expect(party.guest).toBeVisible();
  yield { name: 'party-guest', page: party.page };
  await party.joinName.fill('Bo');
  await party.joinButton.click();
  await expect(party.rename).toBeVisible();
  await party.is('live');
  yield { name: 'party-in', page: party.page };
  const own = await visitor.parties('fra');
  await expect(own.ownParty).toBeVisible();
  yield { name: 'parties-own', page: own.page };
  await own.page.close();
  await party.goAway();
  const gone = await visitor.party('ord', '123456789');
  await expect(gone.end).toBeVisible();
  yield { name: 'party-none', page: gone.page };
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    test(`axe finds nothing on a ${screen} screen in ${colorScheme}`, async ({
      watch,
      newVisitor,
    }, info) => {
      for (const status of [404, 422]) watch.allowStatus(status);
      const visitor = await newVisitor({ colorScheme, viewport });
      const host = await newVisitor();
      const others = async () => {
        const code = /\d{9}/.exec(host.context.pages()[0].url())?.[0] ?? '';
        for (const name of ['Cy', 'Di']) await (await newVisitor()).join('ord', code, name);
        await (await newVisitor({ javaScriptEnabled: false })).join('syd', code, 'Eve');
      };

      for await (const { name, page } of states(visitor, host, others)) {
        expect(await violations(page), name).toEqual([]);
        expect(await overhangs(page), name).toEqual([]);
        const path = info.outputPath(`${name}-${screen}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
    });
  }

  test(`axe finds nothing on a party that ends, in ${colorScheme}`, async ({
    newVisitor,
  }, info) => {
    const ann = await (await newVisitor()).start('fra', 'Ann');
    const guest = await (await newVisitor({ colorScheme })).party('ord', ann.code);
    await ann.goAway();
    await expect(guest.end).toBeVisible();

    expect(await violations(guest.page)).toEqual([]);
    await guest.page.screenshot({ path: info.outputPath(`ended-${colorScheme}.png`) });
  });
}

test('no width makes the pages scroll sideways', async ({ newVisitor }, info) => {
  const visitor = await newVisitor();
  const ann = await visitor.start('fra', LONG_NAME);
  await (await newVisitor()).join('ord', ann.code, 'W'.repeat(32));
  await ann.shows([`${LONG_NAME} host online you`, `${'W'.repeat(32)} online`]);
  const guest = await (await newVisitor()).party('fra', ann.code);
  const parties = await visitor.parties('fra');
  await expect(parties.party(ann.code)).toBeVisible();

  for (const width of [320, 375, 768, 1440, 2560]) {
    for (const [name, page] of Object.entries({ party: ann.page, guest: guest.page, parties: parties.page })) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overhangs(page), `${name} at ${width} px`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${name}-${width}.png`), fullPage: true });
    }
  }
});

test.describe('on one server', () => {
  test.use({ places: ['ord'] });

  test('a party is started, renamed and left by keyboard', async ({ visitor }) => {
    const parties = await visitor.parties('ord');
    const { keyboard } = parties.page;

    await parties.createName.focus();
    await keyboard.type('Ann');
    await keyboard.press('Tab');
    await expect(parties.listed).toBeFocused();
    await keyboard.press('Space');
    await expect(parties.listed).not.toBeChecked();
    await keyboard.press('Tab');
    await keyboard.press('Enter');

    await expect(parties.page).toHaveURL(/\/party\/\d{9}$/);
    await parties.is('live');
    await parties.page.getByTestId('rename-name').focus();
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('Anna');
    // The page before shows it as well, and takes the focus with it when it goes.
    const renamed = parties.page.waitForEvent('domcontentloaded');
    await keyboard.press('Enter');
    await renamed;
    await expect(parties.page.getByTestId('party-words')).toContainText('hosted by Anna');
    await parties.is('live');
    await parties.page.getByTestId('rename-name').focus();
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await expect(parties.page.getByTestId('leave')).toBeFocused();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await expect(parties.page.getByRole('button', { name: 'Leave', exact: true })).toBeFocused();
    await keyboard.press('Enter');
    await expect(parties.page).toHaveURL(/\/party$/);
  });

  test('the skip links lead to what a page is about', async ({ visitor }) => {
    const parties = await visitor.parties('ord');
    await parties.page.keyboard.press('Tab');
    await expect(parties.page.getByRole('link', { name: 'Skip to parties' })).toBeFocused();
    await parties.page.keyboard.press('Enter');
    await parties.page.keyboard.press('Tab');
    await expect(parties.joinCode).toBeFocused();

    const party = await parties.start('Ann');
    await party.page.keyboard.press('Tab');
    await expect(party.page.getByRole('link', { name: 'Skip to party' })).toBeFocused();
    await party.page.keyboard.press('Enter');
    await party.page.keyboard.press('Tab');
    await expect(party.chatLog).toBeFocused();
  });
});
