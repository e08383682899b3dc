import { sendLetters } from './support/mail';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

for (const javaScriptEnabled of [true, false]) {
  test.describe(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('a sender is blocked in their conversation, told so, and accepted again', async ({
      watch,
      newVisitor,
    }) => {
      watch.allowStatus(403);
      const wren = await (await newVisitor({ javaScriptEnabled })).mail('ord');
      await wren.take('wren');
      const finch = await (await newVisitor({ javaScriptEnabled })).mail('fra');
      await finch.take('finch');
      await finch.write('ord-wren', 'hello');
      const set = wren.page.getByTestId('block-sender').getByRole('button');

      await wren.page.reload();
      await wren.conversationWith('fra-finch').click();
      await wren.settles();
      await set.click();
      await expect(set).toHaveText('Unblock');
      await expect(wren.page.getByTestId('block-sender')).toContainText("You don't accept letters from this sender.");
      await wren.settles();
      await finch.say('are you there?');
      await expect(finch.page.getByText('This address does not accept letters from you').first()).toBeVisible();

      await set.click();
      await expect(set).toHaveText('Block this sender');
      await wren.settles();
      await expect(wren.letters).toHaveCount(1);
    });

    test('unverified senders are refused and accepted again in the mailbox', async ({ cluster, newVisitor }) => {
      const wren = await (await newVisitor({ javaScriptEnabled })).mail('ord');
      await wren.take('wren');
      const settings = wren.page.getByTestId('who-may-write');
      const unverified = settings.locator('[data-whom="unverified"]');
      const send = () => sendLetters(cluster.url('fra'), 'fra-anyone', 'ord-wren', ['hello']);

      await settings.getByText('Who can write to you').click();
      await unverified.getByRole('button', { name: 'Refuse: Unverified senders' }).click();
      await settings.getByText('Who can write to you').click();
      await expect(unverified).toContainText('refused');
      await wren.settles();
      await expect(send()).rejects.toThrow('verified-only');

      await unverified.getByRole('button', { name: 'Accept: Unverified senders' }).click();
      await settings.getByText('Who can write to you').click();
      await expect(unverified).toContainText('accepted');
      await wren.settles();
      await send();
    });
  });
}
