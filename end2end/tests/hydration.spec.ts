import { deafen } from './support/live_socket';
import { expect, test } from './support/test';

test('the browser’s first rendering is the server’s', async ({ cluster, visitor }) => {
  await cluster.click('ord', 12);
  await cluster.click('fra', -2);
  await expect.poll(async () => (await cluster.world('syd')).clicks).toBe(10);
  const page = await visitor.tab('syd');
  const { opened } = await deafen(page.page);
  const html = await (await page.load()).text();

  await opened;

  const [rendered, hydrated] = await page.page.evaluate((html) => {
    // Elements and texts, line by line; Leptos's own markers are comments.
    const outline = (node: Node, depth = 0): string[] => {
      const line = (text: string) => ' '.repeat(depth) + text;
      if (node instanceof Text) return node.data ? [line(node.data)] : [];
      if (!(node instanceof Element) || node.localName === 'script') return [];
      const attributes = [...node.attributes].map(({ name, value }) => `${name}="${value}"`);
      const head = line([node.localName, ...attributes.sort()].join(' '));
      return [head, ...[...node.childNodes].flatMap((child) => outline(child, depth + 1))];
    };
    const server = new DOMParser().parseFromString(html, 'text/html');
    // What stands beside the page is no page's code.
    const [rendered, hydrated] = [server, document].map((whole) => whole.getElementById('site') ?? whole);
    return [outline(rendered), outline(hydrated)];
  }, html);
  expect(rendered.length).toBeGreaterThan(50);
  expect(hydrated).toEqual(rendered);
});

test('the draw keeps the elements that the server rendered', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  // Marked as soon as they are parsed: what a browser makes itself has no mark.
  await page.page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      for (const element of document.body.querySelectorAll('*')) element.toggleAttribute('data-parsed', true);
    });
  });
  await page.load(cluster.url('ord'), '?player=7');
  await page.settles();
  await expect(page.found).toContainText('Player 7 has');

  const made = await page.page.evaluate(() => {
    const made = document.querySelectorAll('main :not([data-parsed])');
    return [...made].map((element) => element.outerHTML);
  });

  expect(made).toEqual([]);
});

test('a reload keeps the numbers', async ({ cluster, visitor }) => {
  const page = await visitor.open('ord');
  await page.click(4);
  await page.click(-1);
  await page.shows(3);
  await expect(page.page.getByTestId('round-trip')).toContainText('ms');
  // The page shows its clicks before they are counted.
  await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(3);

  await page.load();

  // At once: they come with the document, before any script.
  expect(await page.shown()).toBe(3);
  await page.is('live');
  await page.shows(3);
  await expect(page.cell('ord', 'clicks')).toHaveText('3');
});

test('the console stays silent through a whole visit', async ({ watch, newVisitor }) => {
  const visitor = await newVisitor({ reducedMotion: 'no-preference' });
  const page = await visitor.open('ord');
  const other = await visitor.open('fra');
  await page.click(3);
  await other.click(-1);
  await page.shows(2);
  await page.page.reload();
  await page.is('live');
  await page.page.getByRole('link', { name: 'Murmuration, home' }).click();
  await page.is('live');
  await page.shows(2);

  expect(watch.complaints()).toEqual([]);
});
