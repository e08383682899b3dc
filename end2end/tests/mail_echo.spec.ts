import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

for (const javaScriptEnabled of [true, false]) {
  test(`a newcomer writes to a region, which answers, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    newVisitor,
  }) => {
    const mail = await (await newVisitor({ javaScriptEnabled })).mail('fra');
    await expect(mail.echoes).toHaveText(['fra-echo', 'ord-echo']);
    await mail.take('wren');
    await expect(mail.page.getByTestId('conversations-empty')).toContainText('answers within a second');
    await expect(mail.echoes).toHaveText(['fra-echo', 'ord-echo']);

    await mail.echoes.last().click();
    await expect(mail.conversation).toHaveAttribute('data-with', 'ord-echo');
    await mail.settles();
    await mail.markDocument();
    await mail.say('Anybody there?');

    const said = async () => {
      const letters = await mail.said();
      // Who has no JavaScript looks again.
      if (!javaScriptEnabled && letters.length < 2) await mail.page.reload();
      return letters;
    };
    await expect.poll(said).toEqual([
      'You: Anybody there?',
      expect.stringMatching(
        /^echo: Hello from Chicago \(ord\)\. Instance ord-[0-9a-f]{8} answered your letter \d+ ms after it was stored\.$/,
      ),
    ]);
    await mail.isAt('Anybody there?', 'delivered');
    if (javaScriptEnabled) expect(await mail.isMarked()).toBe(true);
  });
}
