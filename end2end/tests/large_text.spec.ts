import type { Page } from '@playwright/test';
import { sendLetters } from './support/mail';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

/** Small screens, and the sizes of text of those who set it large, in pixels. */
const WIDTHS = [320, 360, 414];
const FONTS = [24, 32];

test.use({ places: ['ord', 'fra'] });

/** What does not fit, at every width and size. */
async function misfits(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const font of FONTS) {
    await page.evaluate((font) => (document.documentElement.style.fontSize = `${font}px`), font);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 740 });
      const wider = [...(await overhangs(page)), ...(await outside(page))];
      found.push(...wider.map((what) => `${what}, at ${width} px and ${font} px`));
    }
  }
  return found;
}

/** What of the header and the controls leaves the window. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shown = [...document.querySelectorAll('header *, main :is(a, button, input, textarea, h1, h2)')].filter(
      (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('svg'),
    );
    const left = shown.filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -0.5 || right > innerWidth + 0.5;
    });
    return left.map((element) => `${element.localName}.${element.className}: ${element.textContent}`);
  });
}

test('large text fits on small screens', async ({ cluster, watch, newVisitor }, info) => {
  test.slow();
  watch.allowStatus(404);
  await cluster.click('fra', 1_234);
  await cluster.click('ord', -12);
  const person = await newVisitor();
  const party = await person.start('ord', 'Ann');
  const mail = await person.named('ord', 'wren');
  const address = await mail.ownAddress.inputValue();
  await sendLetters(cluster.url('fra'), 'fra-finch', address, ['Hello from Frankfurt']);

  const poll = await person.ask('ord', 'When do we fly, and who comes along?', ['At dawn, weather permitting', 'At dusk']);
  await poll.vote('At dusk');

  const parties = ['/party?sent=1', `/party/${party.code}`];
  const polls = ['/poll', `/poll/${poll.code}`];
  const paths = ['/', ...parties, '/mail', '/mail/fra-finch', '/draw', ...polls, '/nowhere'];
  for (const visitor of [person, await newVisitor()]) {
    const { page } = await visitor.tab('ord');
    for (const path of paths) {
      await page.goto(cluster.url('ord') + path);
      if (path !== '/nowhere') {
        await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
      }

      expect.soft(await misfits(page), path).toEqual([]);
      const name = `${visitor === person ? 'person' : 'guest'}${path.replace(/\W/g, '-')}.png`;
      await page.screenshot({ path: info.outputPath(name), fullPage: true });
    }
  }
});
