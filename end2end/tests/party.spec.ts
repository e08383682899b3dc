import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

test('people of two regions are in one party, with and without JavaScript', async ({
  newVisitor,
}) => {
  const ann = await (await newVisitor({ javaScriptEnabled: false })).start('ord', 'Ann');
  await expect(ann.connection).toHaveAttribute('data-state', 'rendered');
  await ann.shows(['Ann host offline you']);
  await expect(ann.words).toHaveText('1 person, none online · hosted by Ann');

  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');

  await bo.shows(['Bo online you', 'Ann host offline']);
  await expect(bo.words).toHaveText('2 people, 1 online · hosted by Ann');
  await expect(bo.page.getByTestId('served-region')).toHaveText('Frankfurt (fra)');
  await ann.shows(['Ann host offline you']);
  await ann.page.reload();
  await ann.shows(['Bo online', 'Ann host offline you']);

  await bo.markDocument();
  await (await newVisitor({ javaScriptEnabled: false })).join('ord', ann.code, 'Cy');
  await bo.shows(['Bo online you', 'Ann host offline', 'Cy offline']);
  await (await newVisitor()).join('fra', ann.code, 'Di');
  await bo.shows(['Bo online you', 'Di online', 'Ann host offline', 'Cy offline']);
  await expect(bo.words).toHaveText('4 people, 2 online · hosted by Ann');
  expect(await bo.isMarked()).toBe(true);

  await ann.page.reload();
  await ann.shows(['Bo online', 'Di online', 'Ann host offline you', 'Cy offline']);
  await expect(ann.mark('Ann', 'host')).toBeVisible();
  await expect(ann.mark('Bo', 'host')).toBeHidden();
  await expect(ann.mark('Bo', 'online')).toBeVisible();
});

test('the leader leaves and the next one leads, until the last one ends the party', async ({
  newVisitor,
}) => {
  const ann = await (await newVisitor()).start('fra', 'Ann');
  const { code } = ann;
  const cy = await (await newVisitor({ javaScriptEnabled: false })).join('ord', code, 'Cy');
  const bo = await (await newVisitor()).join('ord', code, 'Bo');
  const guest = await (await newVisitor()).party('fra', code);
  for (const page of [bo, guest]) await page.markDocument();
  await expect(bo.news).toHaveText('');

  await ann.goAway();

  // Cy joined before, but nobody sees them.
  await expect(ann.page).toHaveURL(/\/party$/);
  await bo.shows(['Bo host online you', 'Cy offline']);
  await guest.shows(['Bo host online', 'Cy offline']);
  await expect(bo.mark('Bo', 'host')).toBeVisible();
  await expect(bo.news).toHaveText('You are the host now.');
  await expect(guest.news).toHaveText('Bo is the host now.');
  for (const page of [bo, guest]) expect(await page.isMarked()).toBe(true);

  await bo.goAway();
  await guest.shows(['Cy host offline']);

  await cy.goAway();
  await expect(guest.end.getByRole('heading')).toHaveText('This party has ended');
  const spoken = code.replace(/(...)(...)(...)/, '$1 $2 $3');
  await expect(guest.end).toContainText(`The code ${spoken} no longer works. A party ends when everyone has left`);
  await expect(guest.end).not.toContainText('Check the code');
  await expect(guest.news).toHaveText('The party has ended.');
  await expect(guest.participants.first()).toBeHidden();
  expect(await guest.isMarked()).toBe(true);
  await guest.end.getByRole('link', { name: 'Start or find a party' }).click();
  await expect(guest.page).toHaveURL(/\/party(\?|$)/);
});

test('a new name shows in the other region', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
  const cy = await (await newVisitor({ javaScriptEnabled: false })).join('fra', ann.code, 'Cy');
  await bo.markDocument();

  await ann.renameName.fill('Ann of the north');
  await ann.rename.click();

  await bo.shows(['Ann of the north host online', 'Bo online you', 'Cy offline']);
  await expect(bo.words).toContainText('hosted by Ann of the north');
  // The host is the same.
  await expect(bo.news).toHaveText('');
  await cy.renameName.fill('Cy');
  await cy.renameName.fill('李');
  await cy.rename.click();
  await bo.shows(['Ann of the north host online', 'Bo online you', '李 offline']);
  expect(await bo.isMarked()).toBe(true);
  await expect(ann.renameName).toHaveValue('Ann of the north');
});

test('somebody with the link joins on the party’s own page', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const link = await ann.link.inputValue();

  const bo = await (await newVisitor()).party('fra', ann.code);
  await expect(bo.guest.getByRole('heading')).toHaveText('You are invited');
  await bo.joinName.fill('Bo');
  await bo.joinButton.click();

  await bo.shows(['Ann host online', 'Bo online you']);
  await expect(bo.guest).toHaveCount(0);
  await ann.shows(['Ann host online you', 'Bo online']);

  const cy = await (await newVisitor({ javaScriptEnabled: false })).partiesTab('ord');
  await cy.page.goto(link);
  await cy.page.getByTestId('guest').getByLabel('Your name').fill('Cy');
  await cy.page.getByRole('button', { name: 'Join the party' }).click();
  await ann.shows(['Ann host online you', 'Bo online', 'Cy offline']);
});

test('who names nothing is a guest', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', '');

  await expect(ann.mark('Guest 1', 'host')).toBeVisible();
  await expect(ann.words).toHaveText('1 person, 1 online · hosted by Guest 1');
});

test('a person is in one party at a time, in every region', async ({ newVisitor }) => {
  const person = await newVisitor();
  const first = await person.start('ord', 'Ann');
  const bo = await (await newVisitor()).join('fra', first.code, 'Bo');

  const parties = await person.parties('fra');
  await expect(parties.ownParty).toContainText('You are in a party, as Ann');
  await parties.ownParty.getByRole('link', { name: 'Open your party' }).click();
  await expect(parties.page).toHaveURL(new RegExp(`/party/${first.code}$`));
  await expect.poll(async () => (await bo.people())[0]).toBe('Ann host online');

  const second = await person.start('fra', 'Ann');
  expect(second.code).not.toBe(first.code);
  await second.shows(['Ann host online you']);
  await bo.shows(['Bo host online you']);
  // The tab that is still there is a guest's.
  await expect(first.guest).toBeVisible();
});

test('joining twice is joining once', async ({ newVisitor }) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await newVisitor();
  await bo.join('fra', ann.code, 'Bo');

  const again = await bo.join('ord', ann.code, 'Bo');

  await again.shows(['Ann host online', 'Bo online you']);
  await ann.shows(['Ann host online you', 'Bo online']);
});
