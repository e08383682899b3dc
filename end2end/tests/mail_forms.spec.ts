import { Mailbox } from './support/mail';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

for (const javaScriptEnabled of [true, false]) {
  test.describe(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('a name makes an address of the region that serves', async ({ newVisitor }) => {
      const person = await newVisitor({ javaScriptEnabled });
      const wren = await person.mail('fra');
      await expect(wren.nameCard).toContainText('Frankfurt');

      await wren.take('wren');

      await expect(wren.ownAddress).toHaveValue('fra-wren');
      await expect(wren.page.getByText('Your address in Frankfurt')).toBeVisible();
      await expect(wren.page.getByTestId('kept')).toContainText('10,000 letters');
      // The same person in another region, and another person.
      await expect((await person.mail('ord')).ownAddress).toHaveValue('fra-wren');
      await expect((await (await newVisitor({ javaScriptEnabled })).mail('fra')).nameCard).toBeVisible();
    });

    test('a name that is another’s or none is refused, and stays in the field', async ({
      cluster,
      watch,
      newVisitor,
    }) => {
      for (const status of [403, 409, 422]) watch.allowStatus(status);
      await Mailbox.claim(cluster.url('fra'), 'ord-wren');
      const mail = await (await newVisitor({ javaScriptEnabled })).mail('ord');
      // As a browser that checks nothing.
      const lax = async () => {
        await mail.page.getByTestId('name-form').evaluate((form) => ((form as HTMLFormElement).noValidate = true));
      };

      for (const { name, title } of [
        { name: 'wren', title: 'taken' },
        { name: 'Wren', title: 'taken' },
        { name: 'a wren', title: "That name isn't valid" },
        { name: 'w-ren', title: "That name isn't valid" },
        { name: 'postmaster', title: 'Only servers' },
      ]) {
        await lax();
        await mail.name.fill(name);
        await mail.takeName.click();
        await expect(mail.problem).toContainText(title);
        await expect(mail.name).toHaveValue(name);
        await expect(mail.name).toHaveAttribute('aria-invalid', 'true');
        await mail.settles();
      }

      await mail.take('wren_2');
      await expect(mail.ownAddress).toHaveValue('ord-wren_2');
    });

    test('another name has a mailbox of its own, and the first comes back', async ({
      cluster,
      newVisitor,
    }) => {
      const heron = await Mailbox.claim(cluster.url('fra'), 'fra-heron');
      const mail = await (await newVisitor({ javaScriptEnabled })).named('ord', 'wren');
      await mail.write('fra-heron', 'From the first');
      await mail.navigation.getByRole('link', { name: 'Mail' }).click();
      await mail.lists(['fra-heron']);

      await mail.anotherName.getByText('Choose another name').click();
      await mail.take('finch');
      await mail.lists([]);
      await mail.write('fra-heron', 'From the second');
      await mail.anotherName.getByText('Choose another name').click();
      await mail.take('wren');

      await mail.lists(['fra-heron']);
      await expect(mail.conversationWith('fra-heron')).toContainText('From the first');
      expect(await heron.texts()).toEqual(['From the first', 'From the second']);
    });

    test('a letter that cannot be sent stays as it was typed', async ({
      cluster,
      watch,
      newVisitor,
    }, info) => {
      for (const status of [403, 404, 413, 422]) watch.allowStatus(status);
      const heron = await Mailbox.claim(cluster.url('fra'), 'fra-heron');
      const mail = await (await newVisitor({ javaScriptEnabled })).named('ord', 'wren');
      const text = 'Two lines,\n  <b>as they are</b> & “typed”.';

      for (const { to, title } of [
        { to: 'far-heron', title: 'far' },
        { to: 'heron', title: "That address isn't valid" },
        { to: 'fra heron', title: "That address isn't valid" },
        { to: 'fra-postmaster', title: 'Only servers' },
      ]) {
        await mail.to.fill(to);
        await mail.message.fill(text);
        await mail.send.click();
        await expect(mail.problem).toContainText(title);
        await expect(mail.to).toHaveValue(to);
        await expect(mail.to).toHaveAttribute('aria-describedby', /form-problem/);
        await expect(mail.message).toHaveValue(text);
        await mail.settles();
      }
      await mail.page.screenshot({ path: info.outputPath('refused.png'), fullPage: true });
      await mail.to.fill('2-Heron');
      await mail.message.fill('x'.repeat(4097));
      await mail.send.click();
      await expect(mail.problem).toContainText('4096 bytes');
      await expect(mail.message).toHaveValue('x'.repeat(4097));
      await mail.settles();

      await mail.write('2-Heron', text);

      await expect(mail.page).toHaveURL(/\/mail\/fra-heron$/);
      await mail.shows([`You: ${text}`]);
      expect(await heron.texts()).toEqual([text]);
    });
  });
}

test('the address is checked as one types', async ({ newVisitor }) => {
  const mail = await (await newVisitor()).named('ord', 'wren');

  for (const { typed, state, words } of [
    { typed: 'fra-finch', state: 'known', words: 'Frankfurt' },
    { typed: 'syd-', state: 'known', words: 'Sydney' },
    { typed: '3-user', state: 'known', words: 'Sydney' },
    { typed: 'us-east-1-finch', state: 'known', words: 'Northern Virginia' },
    { typed: 'far-finch', state: 'unknown', words: 'No region “far”. Did you mean fra?' },
    { typed: 'sydn-finch', state: 'unknown', words: 'No region “sydn”. Did you mean syd or ap-southeast-2?' },
    { typed: '4-user', state: 'unknown', words: 'Unknown region “4”' },
    { typed: 'finch@fra', state: 'malformed', words: 'That address isn’t valid' },
    { typed: '<b>', state: 'malformed', words: 'That address isn’t valid' },
    { typed: 'ord-echo', state: 'known', words: 'Chicago' },
    { typed: 'ord-postmaster', state: 'reserved', words: 'This address is reserved for servers.' },
    { typed: 'fr', state: 'open', words: '' },
  ]) {
    await mail.to.fill('');
    await mail.to.pressSequentially(typed);
    await expect(mail.toCheck).toHaveAttribute('data-state', state);
    await expect(mail.toCheck).toContainText(words);
  }

  // Nobody is told off before they have typed to the end.
  await mail.to.fill('');
  await mail.to.pressSequentially('far-finch');
  await expect(mail.to).not.toHaveAttribute('aria-invalid');
  await mail.to.press('Tab');
  await expect(mail.to).toHaveAttribute('aria-invalid', 'true');
  await mail.to.fill('fra-finch');
  await expect(mail.to).not.toHaveAttribute('aria-invalid');
});

test('a name says what it makes as one types', async ({ newVisitor }) => {
  const mail = await (await newVisitor()).mail('ord');
  for (const { typed, words } of [
    { typed: 'Wren', words: 'Your address will be ord-wren.' },
    { typed: 'w ren', words: 'A name has 1 to 32 letters' },
    { typed: 'postmaster', words: 'reserved for servers' },
    { typed: 'echo', words: 'reserved for servers' },
    { typed: '', words: '1 to 32 letters' },
  ]) {
    await mail.name.fill(typed);
    await expect(mail.nameNote).toContainText(words);
  }
});

test('everything goes without JavaScript', async ({ cluster, newVisitor }) => {
  const wrens = await newVisitor({ javaScriptEnabled: false });
  const finches = await newVisitor({ javaScriptEnabled: false });
  const wren = await wrens.named('ord', 'wren');

  // From somebody's address to a name, and to a letter.
  const finch = await finches.mail('fra', 'ord-wren');
  await expect(finch.nameCard).toContainText('To write to ord-wren, choose a name');
  await finch.name.fill('finch');
  await finch.takeName.click();
  await expect(finch.page).toHaveURL(`${cluster.url('fra')}/mail/ord-wren`);
  await finch.say('Good morning!\nIs it cold?');
  await finch.shows(['You: Good morning!\nIs it cold?']);
  await finch.isAt('Good morning! Is it cold?', 'delivered');

  await wren.page.reload();
  await wren.hasUnread('fra-finch', 1);
  await expect(wren.unreadOfAll).toHaveText('1 letter unread');
  await wren.open('fra-finch');
  await wren.shows(['finch: Good morning!\nIs it cold?']);
  await expect(wren.letters.locator('time').first()).toHaveText(/^\d\d:\d\d UTC$/);
  await wren.say('It is.');
  await wren.shows(['finch: Good morning!\nIs it cold?', 'You: It is.']);
  await wren.hasUnread('fra-finch', 0);
  await wren.navigation.getByRole('link', { name: 'Mail' }).click();
  await wren.lists(['fra-finch']);
  await wren.hasUnread('fra-finch', 0);
  await finch.page.reload();
  await finch.shows(['You: Good morning!\nIs it cold?', 'wren: It is.']);

  // A link that says whom to write to.
  await wren.page.goto(`${cluster.url('ord')}/mail?to=fra-heron`);
  await expect(wren.to).toHaveValue('fra-heron');
});

test('an alias in the address leads to the region’s', async ({ cluster, newVisitor }) => {
  const person = await newVisitor();
  await person.named('ord', 'wren');
  const mail = await person.mailTab();

  await mail.page.goto(`${cluster.url('ord')}/mail/2-Finch`);

  await expect(mail.page).toHaveURL(`${cluster.url('ord')}/mail/fra-finch`);
  await mail.settles();
});

test('another person’s mail is nobody’s to read or to write', async ({
  cluster,
  watch,
  newVisitor,
}) => {
  const wrens = await newVisitor();
  await wrens.named('ord', 'wren');
  const heron = await Mailbox.claim(cluster.url('ord'), 'ord-heron');
  const stranger = await newVisitor();
  await stranger.named('ord', 'stranger');
  const ask = (path: string) => stranger.context.request.get(cluster.url('ord') + path);

  expect((await ask('/api/messages?address=ord-wren')).status()).toBe(401);
  const forged = await stranger.context.request.post(`${cluster.url('ord')}/api/messages`, {
    data: { message: 'Not by wren', to: 'ord-heron', from: 'ord-wren' },
  });
  expect(forged.status()).toBe(401);
  expect(await heron.texts()).toEqual([]);
  const other = { Origin: 'http://other.example' };
  const elsewhere = await wrens.context.request.post(`${cluster.url('ord')}/mail/send`, {
    headers: other,
    form: { to: 'ord-heron', message: 'Not by wren' },
  });
  expect(elsewhere.status()).toBe(403);
  expect(await heron.texts()).toEqual([]);
  expect(watch.complaints()).toEqual([]);
});
