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
    { path: '/', current: ['page', null, null, null, null] },
    { path: '/party?sent=1', current: [null, 'page', null, null, null] },
    { path: `/party/${party.code}`, current: [null, 'true', null, null, null] },
    { path: '/party/123456789', current: [null, 'true', null, null, null] },
    { path: '/mail', current: [null, null, 'page', null, null] },
    { path: '/mail/ord-wren', current: [null, null, 'true', null, null] },
    { path: '/draw', current: [null, null, null, 'page', null] },
    { path: '/draw?player=0', current: [null, null, null, 'page', null] },
    { path: '/poll', current: [null, null, null, null, 'page'] },
    { path: '/poll/k7m2q9xwtb', current: [null, null, null, null, 'true'] },
    { path: '/about', current: [null, null, null, null, null] },
    { path: '/api/docs', current: [null, null, null, null, null] },
    { path: '/nowhere', current: [null, null, null, null, null] },
  ];
  for (const { path, current } of pages) {
    await party.page.goto(cluster.url('ord') + path);

    const links = party.navigation.getByRole('link');
    await expect(links).toHaveText(['World', 'Parties', 'Mail', 'Draw', 'Poll'], { useInnerText: true });
    const marks = links.evaluateAll((links) => links.map((link) => link.getAttribute('aria-current')));
    expect(await marks, path).toEqual(current);
    await expect(party.page.getByRole('heading', { level: 1 }).filter({ visible: true })).toHaveCount(1);
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`it leads from page to page, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    cluster,
    newVisitor,
  }) => {
    const parties = await (await newVisitor({ javaScriptEnabled })).parties('ord');
    const party = await parties.start('Ann');

    await party.navigation.getByRole('link', { name: 'World' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/`);
    await party.settles();
    await expect(party.page.getByTestId('total')).toHaveText('0');

    await party.navigation.getByRole('link', { name: 'Mail' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/mail`);
    await party.settles();
    await expect(party.page.getByTestId('name-card')).toBeVisible();

    await party.navigation.getByRole('link', { name: 'Draw' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/draw`);
    await party.settles();
    await expect(party.page.getByTestId('draw-again')).toBeVisible();

    await party.navigation.getByRole('link', { name: 'Poll' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/poll`);
    await party.settles();
    await expect(party.page.getByTestId('create-form')).toBeVisible();

    await party.navigation.getByRole('link', { name: 'Parties' }).click();
    await expect(party.page).toHaveURL(`${cluster.url('ord')}/party`);
    await expect(parties.ownParty).toBeVisible();

    await parties.ownParty.getByRole('link', { name: 'Open your party' }).click();
    await party.settles();
    await party.shows([`Ann host ${javaScriptEnabled ? 'online' : 'offline'} you`]);
    await party.page.goBack();
    await expect(parties.ownParty).toBeVisible();
    await parties.settles();
  });
}
