import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

const BAD_NAME = 'Ann \u202e nnA';

test('a code may be typed as it is told', async ({ newVisitor }) => {
  const { code } = await (await newVisitor()).start('ord', 'Ann');
  const [a, b, c] = [code.slice(0, 3), code.slice(3, 6), code.slice(6)];

  for (const javaScriptEnabled of [true, false]) {
    for (const typed of [`${a} ${b} ${c}`, `${a}-${b}-${c}`, `  ${code} `, [...code].join(' ')]) {
      const party = await (await newVisitor({ javaScriptEnabled })).join('fra', typed, 'Bo');
      expect(party.code).toBe(code);
      await party.goAway();
      await expect(party.page).toHaveURL(/\/party$/);
    }
  }
});

test('an unknown code’s page says what to do', async ({ cluster, watch, newVisitor }, info) => {
  watch.allowStatus(404);
  for (const javaScriptEnabled of [true, false]) {
    const parties = await (await newVisitor({ javaScriptEnabled })).partiesTab('ord');

    const response = await parties.page.goto(`${cluster.url('ord')}/party/123456789`);

    expect(response?.status()).toBe(404);
    const end = parties.page.getByTestId('party-end');
    await expect(end.getByRole('heading', { level: 1 })).toHaveText('Party not found');
    await expect(end).toContainText('123 456 789');
    await expect(end).toContainText('Check the code again');
    await parties.page.screenshot({ path: info.outputPath(`unknown-${javaScriptEnabled}.png`) });
    await end.getByRole('link', { name: 'Start or find a party' }).click();
    await expect(parties.joinForm).toBeVisible();
  }
});

test('what is no code at all is not there either', async ({ cluster, watch, visitor }) => {
  watch.allowStatus(404);
  const { page } = await visitor.partiesTab('ord');

  const response = await page.goto(`${cluster.url('ord')}/party/hello`);

  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such party');
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('a wrong code keeps what was typed and says what is wrong', async ({
      watch,
      newVisitor,
    }, info) => {
      for (const status of [404, 422]) watch.allowStatus(status);
      const parties = await (await newVisitor({ javaScriptEnabled })).parties('ord');

      const tries = [
        { typed: '12-34', title: "That code isn't valid", detail: 'nine digits' },
        { typed: '123 456 789', title: 'There is no such party', detail: 'Check the code' },
      ];
      for (const { typed, title, detail } of tries) {
        await parties.sendJoin(typed, 'Bo');
        await expect(parties.problem).toContainText(title);
        await expect(parties.problem).toContainText(detail);
        await expect(parties.joinCode).toHaveValue(typed);
        await expect(parties.joinCode).toHaveAttribute('aria-invalid', 'true');
        await expect(parties.joinCode).toHaveAccessibleDescription(new RegExp(title));
        await expect(parties.joinName).toHaveValue('Bo');
        await expect(parties.listed).toBeChecked();
        await parties.page.screenshot({ path: info.outputPath(`wrong-${typed}.png`), fullPage: true });
      }
    });

    test('a name that cannot be used is kept, and so is the tick', async ({ watch, newVisitor }) => {
      watch.allowStatus(422);
      const parties = await (await newVisitor({ javaScriptEnabled })).parties('fra');

      await parties.sendStart(BAD_NAME, { isListed: false });

      await expect(parties.problem).toContainText("That name isn't valid");
      await expect(parties.createName).toHaveValue(BAD_NAME);
      await expect(parties.listed).not.toBeChecked();
      const party = await parties.start('Ann', { isListed: false });
      await party.shows([`Ann host ${javaScriptEnabled ? 'online' : 'offline'} you`]);

      await party.renameName.fill(BAD_NAME);
      await party.rename.click();
      await expect(party.problem).toContainText("That name isn't valid");
      await expect(party.renameName).toHaveValue(BAD_NAME);
      await party.shows([`Ann host ${javaScriptEnabled ? 'online' : 'offline'} you`]);
    });
  });
}

test.describe('parties of two', () => {
  test.use({ settings: { PARTY_PARTICIPANTS: '2' } });

  test('who comes to a full one is told so, and what to do', async ({ watch, newVisitor }, info) => {
    watch.allowStatus(409);
    const ann = await (await newVisitor()).start('ord', 'Ann');
    const early = await (await newVisitor()).party('fra', ann.code);
    await early.joinName.fill('Cy');
    await expect(early.joinButton).toBeVisible();
    const bo = await (await newVisitor()).join('fra', ann.code, 'Bo');
    await expect(ann.page.getByTestId('party-size')).toHaveText('2 of 2');

    // Live, on the page that was there before.
    await expect(early.guest).toContainText('This party is full');
    await expect(early.guest).toContainText('It has 2 people');
    await expect(early.joinButton).toBeHidden();
    await expect(early.guest.getByRole('link', { name: 'All parties' })).toBeVisible();
    await early.page.screenshot({ path: info.outputPath('full.png'), fullPage: true });

    for (const javaScriptEnabled of [true, false]) {
      const visitor = await newVisitor({ javaScriptEnabled });
      const late = await visitor.party('ord', ann.code);
      await expect(late.guest).toContainText('This party is full');
      await expect(late.joinButton).toBeHidden();
      const parties = await visitor.parties('fra');
      await parties.sendJoin(ann.code, 'Di');
      await expect(parties.problem).toContainText('The party is full');
      await expect(parties.problem).toContainText('Wait until one leaves, or start another party');
      await expect(parties.joinCode).toHaveValue(ann.code);
      await expect(parties.joinName).toHaveValue('Di');
    }

    await bo.goAway();
    await expect(early.guest).toContainText('You are invited');
    await expect(early.joinName).toHaveValue('Cy');
    await early.joinButton.click();
    await early.shows(['Ann host online', 'Cy online you']);
  });
});

test('a form of a party that has ended meanwhile says so', async ({ watch, newVisitor }) => {
  watch.allowStatus(404);
  const ann = await (await newVisitor()).start('ord', 'Ann');
  const bo = await (await newVisitor({ javaScriptEnabled: false })).party('fra', ann.code);
  await ann.goAway();
  await expect(ann.page).toHaveURL(/\/party$/);

  await bo.joinName.fill('Bo');
  await bo.joinButton.click();

  await expect(bo.end).toContainText('A party ends when everyone has left');
  await expect(bo.end.getByRole('link', { name: 'Start or find a party' })).toBeVisible();
});
