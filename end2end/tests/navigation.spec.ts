import { expect, test } from './support/test';

test.use({ places: ['ord'] });

test('every page has the navigation, which says where one is', async ({
  cluster,
  watch,
  visitor,
}) => {
  watch.allowStatus(404);
  const party = await visitor.start('ord', 'Ann');
  const pages = [
    { path: '/', world: 'page', parties: null },
    { path: '/party?sent=1', world: null, parties: 'page' },
    { path: `/party/${party.code}`, world: null, parties: 'true' },
    { path: '/party/123456789', world: null, parties: 'true' },
    { path: '/nowhere', world: null, parties: null },
  ];
  for (const { path, world, parties } of pages) {
    await party.page.goto(cluster.url('ord') + path);

    const links = party.navigation.getByRole('link');
    await expect(links).toHaveText(['World', 'Parties']);
    expect(await links.nth(0).getAttribute('aria-current'), path).toBe(world);
    expect(await links.nth(1).getAttribute('aria-current'), path).toBe(parties);
    await expect(party.page.getByRole('heading', { level: 1 }).filter({ visible: true })).toHaveCount(1);
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`it leads from page to page, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    cluster,
    newVisitor,
  }) => {
    const hall = await (await newVisitor({ javaScriptEnabled })).hall('ord');
    const party = await hall.start('Ann');

    await party.navigation.getByRole('link', { name: 'World' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/`);
    await party.settles();
    await expect(party.page.getByTestId('total')).toHaveText('0');

    await party.navigation.getByRole('link', { name: 'Parties' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/party`);
    await expect(hall.ownParty).toBeVisible();

    await hall.ownParty.getByRole('link', { name: 'Open your party' }).click();
    await party.settles();
    await party.shows([`Ann leads ${javaScriptEnabled ? 'online' : 'offline'} you`]);
    await party.page.goBack();
    await expect(hall.ownParty).toBeVisible();
    await hall.settles();
  });
}
