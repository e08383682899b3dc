import { violations } from './support/axe';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

const QUESTION = 'When do we fly?';
const OPTIONS = ['Dawn', 'Noon', 'Dusk'];

test.use({ places: ['ord'] });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`it looks as it should and axe finds nothing, in ${colorScheme}`, async ({ newVisitor }, info) => {
    const maker = await newVisitor({ colorScheme });
    const poll = await maker.ask('ord', QUESTION, [...OPTIONS, 'Only when the weather is as it was last year, or better']);
    await poll.vote('Dusk');
    const form = await maker.poll('ord');
    for (const [name, { page }] of Object.entries({ form, poll })) {
      for (const width of [320, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overhangs(page), `${name} at ${width} px`).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${name}-${width}.png`), fullPage: true });
      }
      expect(await violations(page), name).toEqual([]);
    }

    await poll.closeNow();
    await expect(poll.words).toHaveText(/^The poll is closed\. 1 vote\./);
    expect(await violations(poll.page), 'closed').toEqual([]);
    await poll.page.screenshot({ path: info.outputPath('closed.png'), fullPage: true });
  });
}

test('a poll is voted in by keyboard', async ({ visitor }) => {
  const poll = await visitor.ask('ord', QUESTION, OPTIONS);
  const { keyboard } = poll.page;

  await poll.option('Dawn').focus();
  await keyboard.press('Tab');
  await expect(poll.option('Noon')).toBeFocused();
  await expect(poll.option('Noon')).toHaveCSS('outline-style', 'solid');
  await keyboard.press('Enter');
  await poll.shows(0, 1, 0);
  await expect(poll.option('Noon')).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await poll.shows(0, 0, 1);

  await poll.page.getByTestId('withdraw').focus();
  await keyboard.press('Enter');
  await poll.shows(0, 0, 0);
  await expect(poll.page.getByRole('heading', { name: 'Options' })).toBeFocused();
});

test('a poll keeps the elements that the server rendered', async ({ newVisitor }) => {
  const maker = await (await newVisitor()).ask('ord', QUESTION, OPTIONS);
  const { page } = await (await newVisitor()).pollTab();
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      for (const element of document.body.querySelectorAll('*')) element.toggleAttribute('data-parsed', true);
    });
  });
  await page.goto(maker.page.url());
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');

  const made = await page.evaluate(() => document.querySelectorAll('main :not([data-parsed])').length);

  expect(made).toBe(0);
});
