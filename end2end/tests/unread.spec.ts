import type { Page } from '@playwright/test';
import type { SitePage } from './support/site_page';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

/** Waits until the navigation counts so many behind a link, and the title counts so many in all. */
async function counts(tab: SitePage, link: string, count: number, all = count): Promise<void> {
  const name = count > 0 ? `${link} ${count} unread` : link;
  await expect(tab.navigation.getByRole('link', { name, exact: true })).toBeVisible();
  await expect(tab.page).toHaveTitle(all > 0 ? new RegExp(`^\\(${all}\\) `) : /^[^(]/);
}

test('unread messages and letters are counted on every page', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const wren = await (await newVisitor()).named('ord', 'wren');
  const bo = await newVisitor();
  await (await bo.named('fra', 'finch')).page.close();
  await (await bo.join('fra', ann.code, 'Bo')).page.close();
  const [world, poll] = [await bo.open('fra'), await bo.poll('ord')];
  for (const tab of [world, poll]) {
    await counts(tab, 'Parties', 0);
    await tab.markDocument();
  }

  await ann.send('Hello');
  await ann.send('Anybody?');
  for (const tab of [world, poll]) await counts(tab, 'Parties', 2);
  await wren.write('fra-finch', 'Fancy a flight?');
  for (const tab of [world, poll]) await counts(tab, 'Mail', 1, 3);

  const party = await bo.party('ord', ann.code);
  for (const tab of [world, poll, party]) await counts(tab, 'Parties', 0, 1);
  const seen = party.page.waitForResponse((response) => response.url().includes('/seen?'));
  await ann.send('There you are');
  expect((await seen).status()).toBe(204);
  for (const tab of [world, poll, party]) await counts(tab, 'Parties', 0, 1);
  await bo.mail('fra', 'ord-wren');
  for (const tab of [world, poll, party]) await counts(tab, 'Mail', 0);
  for (const tab of [world, poll]) expect(await tab.isMarked()).toBe(true);
});

test('the first one moves nothing away from under a finger', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await newVisitor({ viewport: { width: 390, height: 844 } });
  await (await bo.join('fra', ann.code, 'Bo')).page.close();
  const world = await bo.open('fra');
  await counts(world, 'Parties', 0);
  const before = await world.more.boundingBox();

  await ann.send('Hello');

  await counts(world, 'Parties', 1);
  expect(await world.more.boundingBox()).toEqual(before);
});

/** Has a page remember its notifications, and say when it is asked to that nobody looks at it. */
async function watchNotifications(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: string[] = [];
    class Watched extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(`${title}: ${options?.body ?? ''}`);
      }
    }
    Object.assign(window, { Notification: Watched, shown, isAway: false });
    const isAway = () => (window as unknown as { isAway: boolean }).isAway;
    Object.defineProperty(document, 'hidden', { get: isAway });
  });
}

const shown = (page: Page) =>
  page.evaluate(() => (window as unknown as { shown: string[] }).shown);
const leave = (page: Page, isAway: boolean) =>
  page.evaluate((isAway) => void Object.assign(window, { isAway }), isAway);

test('whoever turned them on is notified of what comes while nobody looks', async ({
  newVisitor,
}) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await newVisitor({ permissions: ['notifications'] });
  await (await bo.join('fra', ann.code, 'Bo')).page.close();
  const world = await bo.tab('fra');
  await watchNotifications(world.page);
  await world.load();
  await world.is('live');
  await counts(world, 'Parties', 0);

  await leave(world.page, true);
  await ann.send('One');
  await counts(world, 'Parties', 1);
  await world.page.getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(world.page.getByRole('button', { name: 'Turn off notifications' })).toBeVisible();
  expect(await shown(world.page)).toEqual(['Murmuration: Notifications are on.']);
  await ann.send('Two');
  await counts(world, 'Parties', 2);
  expect((await shown(world.page)).slice(1)).toEqual(['Murmuration: 2 unread messages in your party']);

  await leave(world.page, false);
  await ann.send('Three');
  await counts(world, 'Parties', 3);
  await world.page.reload();
  await world.is('live');
  await leave(world.page, true);
  await counts(world, 'Parties', 3);
  expect(await shown(world.page)).toEqual([]);
  await ann.send('Four');
  await expect.poll(() => shown(world.page)).toEqual(['Murmuration: 4 unread messages in your party']);

  await world.page.getByRole('button', { name: 'Turn off notifications' }).click();
  await ann.send('Five');
  await counts(world, 'Parties', 5);
  expect(await shown(world.page)).toHaveLength(1);
});

test('who was refused notifications is told', async ({ newVisitor }) => {
  const world = await (await newVisitor()).open('ord');

  await world.page.getByRole('button', { name: 'Turn on notifications' }).click();

  const told = world.page.getByRole('status').filter({ hasText: 'Notifications are blocked.' });
  await expect(told).toBeVisible();
  await expect(world.page.getByRole('button', { name: 'Turn on notifications' })).toBeVisible();
});

test('participants show where they are served and how long their messages took', async ({
  cluster,
  newVisitor,
}) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  const guest = await newVisitor({ javaScriptEnabled: false });
  await ann.send('Hello');
  await bo.showsChat(['Ann: Hello']);
  const from = (page: typeof ann) => page.page.getByTestId('from').allTextContents();

  for (const place of ['ord', 'fra']) {
    const url = `${cluster.url(place)}/parties/${ann.code}/participants`;
    const measured = async () => {
      const people = (await (await ann.page.request.get(url)).json()) as {
        region: string;
        message_ms: number | null;
      }[];
      return people.map(({ region, message_ms: ms }) => {
        const city = { ord: 'Chicago', fra: 'Frankfurt' }[region];
        const took = ms === 0 ? 'under 1 ms' : `${ms} ms`;
        return ms === null ? city : `${city} · messages take ${took}`;
      });
    };
    await expect.poll(measured).toEqual([expect.stringContaining(' · '), 'Frankfurt']);
    for (const page of [ann, bo]) await expect.poll(() => from(page)).toEqual(await measured());
    expect(await from(await guest.party(place, ann.code))).toEqual(await measured());
  }
  await bo.page.close();
  await expect.poll(() => from(ann)).toEqual([expect.stringContaining('Chicago · '), '']);
});
