import { expect, test } from './support/test';
import { written } from './support/world_page';

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? '' : ', without JavaScript';

  test(`a pane shows the world as another region serves it${how}`, async ({ cluster, newVisitor }, info) => {
    const page = await (await newVisitor({ javaScriptEnabled })).tab('ord');
    const asked: string[] = [];
    page.page.on('request', (request) => asked.push(request.url()));
    await page.load();
    await page.is(javaScriptEnabled ? 'live' : 'rendered');
    const others = [cluster.url('fra'), cluster.url('syd')];
    // Nothing of it is loaded before somebody wants it.
    expect(asked.filter((url) => others.some((other) => url.startsWith(other)))).toEqual([]);

    // The middle: there is less room for the button, too.
    const height = () =>
      page.more.evaluate((button) => {
        const { top, bottom } = button.getBoundingClientRect();
        return (top + bottom) / 2 + scrollY;
      });
    const before = await height();
    await page.page.getByText('See it from elsewhere').click();
    const pane = page.page.frameLocator('iframe[name="elsewhere"]');
    // The first one by itself, where a script can.
    if (!javaScriptEnabled) await page.page.getByRole('link', { name: 'Frankfurt' }).click();
    await expect(pane.getByTestId('served-region')).toHaveText('Frankfurt (fra)');
    await expect(pane.getByRole('navigation')).toHaveCount(0);
    expect(await height()).toBeCloseTo(before, 0);
    await page.page.getByRole('link', { name: 'Sydney' }).click();
    await expect(pane.getByTestId('served-region')).toHaveText('Sydney (syd)');
    await page.page.screenshot({ path: info.outputPath('pane.png'), fullPage: true });

    if (javaScriptEnabled) {
      await expect(page.page.locator('.elsewhere [aria-current="true"]')).toHaveText('Sydney');
      await expect(pane.getByTestId('connection')).toHaveAttribute('data-state', 'live');
      await page.more.click();
      await expect(pane.getByTestId('total')).toHaveText(written(1));
    }
    await pane.getByRole('button', { name: 'Subtract one' }).click();
    const total = written(javaScriptEnabled ? 0 : -1);
    await expect(pane.getByTestId('total')).toHaveText(total);
    await expect(pane.getByRole('navigation')).toHaveCount(0);
    await expect.poll(async () => (await cluster.region('syd', 'syd'))?.clicks).toBe(-1);
    if (javaScriptEnabled) await expect(page.total).toHaveText(total);
  });
}

test.describe('where one region lives', () => {
  test.use({ places: ['ord'] });

  test('there is no pane until another one comes, and no other site may show the page', async ({
    cluster,
    visitor,
  }) => {
    const page = await visitor.open('ord');
    await expect(page.page.getByText('See it from elsewhere')).toBeHidden();

    const tab = await visitor.context.newPage();
    await tab.goto('data:text/html,<iframe></iframe>');
    await tab.locator('iframe').evaluate((frame: HTMLIFrameElement, url) => (frame.src = url), cluster.url('ord'));
    await expect.poll(() => tab.frames()[1].url()).toMatch(/^chrome-error:/);
  });
});
