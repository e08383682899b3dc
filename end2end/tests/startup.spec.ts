// Pages that did not arrive as they were sent.

import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

test.use({ places: ['ord'] });

/** What others do to a document before its code runs. */
const CHANGES: Record<string, () => void> = {
  'a password manager': () => {
    for (const field of document.querySelectorAll('input, textarea')) {
      field.after(Object.assign(document.createElement('div'), { textContent: '🔑' }));
    }
  },
  'an extension with an element of its own': () => {
    document.body.prepend(document.createElement('div'));
  },
  'a translator': () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    while (texts.nextNode()) nodes.push(texts.currentNode as Text);
    for (const node of nodes) {
      if (node.parentElement?.closest('[translate=no], script, style')) continue;
      const font = document.createElement('font');
      node.replaceWith(font);
      font.append(node);
    }
  },
};

async function changeAtOnce(page: Page, change: () => void): Promise<void> {
  await page.addInitScript(`addEventListener('DOMContentLoaded', ${change})`);
}

/** Counts how often the page is loaded. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('domcontentloaded', () => loads++);
  return () => loads;
}

for (const [who, change] of Object.entries(CHANGES)) {
  test(`a page that ${who} changed is live all the same`, async ({ cluster, visitor }) => {
    const page = await visitor.tab('ord');
    await changeAtOnce(page.page, change);
    const loads = countLoads(page.page);
    await page.load();
    await page.is('live');

    await cluster.click('ord', 2);
    await page.shows(2);
    await page.click(1);
    await page.shows(3);

    const party = await visitor.start('ord', 'Ada');
    const code = new URL(party.page.url()).pathname;
    const second = await visitor.context.newPage();
    await changeAtOnce(second, change);
    await second.goto(cluster.url('ord') + code);
    const draft = second.getByRole('textbox', { name: 'Message' });
    await draft.fill('hello');
    await expect(second.getByTestId('connection')).toHaveAttribute('data-state', 'live');
    await expect(draft).toHaveValue('hello');
    expect(loads()).toBe(1);
  });
}

test('a page that is translated while it is live goes on', async ({ cluster, visitor }) => {
  const page = await visitor.open('ord');
  await page.page.evaluate(CHANGES['a translator']!);

  await cluster.click('ord', 2);

  await page.shows(2);
  await expect(page.cell('ord', 'clicks')).toHaveText('2');
  await page.click(-1);
  await page.shows(1);
});

test('a page without the marks that hydration needs says that it stopped, and its forms work', async ({
  cluster,
  visitor,
  watch,
}) => {
  watch.allowAll(/./);
  const page = await visitor.tab('ord');
  const loads = countLoads(page.page);
  await page.page.route(cluster.url('ord') + '/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<!(--.*?--)?>/g, '') });
  });
  await page.load();

  await page.is('stopped');

  await expect(page.connectionDetail).toContainText('This page stopped updating. Reload it');
  expect(loads()).toBe(2);
  await page.more.click();
  await page.shows(1);
  expect((await cluster.world('ord')).clicks).toBe(1);
});

for (const [what, path, files] of [
  ['the code', '/', /\.wasm$/],
  ['the script', '/', /\/murmuration\.[\w-]+\.js$/],
  ['the code of its own', '/draw', /\/(?!murmuration)[\w.-]+\.wasm$/],
] as const) {
  const answers = { 'is missing': { status: 404, body: '' }, 'is a page': { contentType: 'text/html', body: '<p>' } };
  for (const [how, answer] of Object.entries(answers)) {
    test(`a page is loaded anew, once, when ${what} ${how}`, async ({ cluster, visitor, watch }) => {
      watch.allowAll(/./);
      const page = await visitor.tab('ord');
      const loads = countLoads(page.page);
      let isDeployed = false;
      await page.page.route(files, (route) => (isDeployed ? route.continue() : route.fulfill(answer)));

      await page.page.goto(cluster.url('ord') + path);
      await page.is('stopped');
      expect(loads()).toBe(2);

      isDeployed = true;
      await page.page.reload();
      await page.is('live');
    });
  }
}

test('code that is missing once is there the second time', async ({ visitor, watch }) => {
  watch.allowAll(/./);
  const page = await visitor.tab('ord');
  await page.page.route(/\.wasm$/, (route) => route.fulfill({ status: 404 }), { times: 1 });

  await page.load();

  await page.is('live');
});
