import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

/** What a page says of itself where it is shared. */
async function said(page: Page): Promise<Record<string, string>> {
  const tags = await page.locator('head meta[property]').evaluateAll((found) =>
    found.map((tag) => [tag.getAttribute('property') ?? '', tag.getAttribute('content') ?? '']),
  );
  return Object.fromEntries(tags);
}

test('every public page names itself and a card that loads', async ({ cluster, newVisitor }) => {
  const visitor = await newVisitor();
  const party = await visitor.start('fra', 'Ann <b>');
  const poll = await visitor.ask('fra', 'Dawn & <dusk>?', ['Dawn', 'Dusk']);
  const cards = {
    '/': 'world',
    '/party': 'world',
    '/about': 'world',
    '/draw': 'world',
    '/poll': 'world',
    [`/party/${party.code}`]: `party/${party.code}`,
    [`/poll/${poll.code}`]: `poll/${poll.code}`,
  };
  const page = await visitor.context.newPage();

  for (const place of ['ord', 'fra']) {
    for (const [path, card] of Object.entries(cards)) {
      const url = cluster.url(place) + path;
      const image = `${cluster.url(place)}/cards/${card}.png`;
      await page.goto(path === '/party' ? `${url}?sent=1` : url);

      await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', url);
      expect(await said(page)).toMatchObject({
        'og:url': url,
        'og:image': image,
        'og:site_name': 'Murmuration',
        'og:title': await page.title(),
      });
      const answer = await fetch(image);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
      const { width, height } = await page.evaluate(async (src) => {
        const card = new Image();
        card.src = src;
        await card.decode();
        return { width: card.naturalWidth, height: card.naturalHeight };
      }, image);
      expect({ width, height }).toEqual({ width: 1200, height: 630 });
    }
  }
});

test('the world’s link is copied where nothing shares it', async ({ cluster, newVisitor }) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page } = await (await newVisitor({ permissions })).open('fra');
  await page.evaluate(() => Object.assign(navigator, { share: undefined }));

  await page.getByTestId('share').click();

  await expect(page.getByTestId('share-note')).toHaveText('Link copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${cluster.url('fra')}/`);
});

test('it is shown where it cannot be copied', async ({ cluster, newVisitor }) => {
  const { page } = await (await newVisitor()).open('fra');
  await page.evaluate(() => {
    const refused = { writeText: () => Promise.reject(new Error('refused')) };
    Object.defineProperty(navigator, 'clipboard', { value: refused });
    Object.assign(navigator, { share: undefined });
  });

  await page.getByTestId('share').click();

  await expect(page.getByTestId('share-note')).toHaveText(`Copy this link: ${cluster.url('fra')}/`);
});

test('a device that shares gets the title and the link, and a visitor may think again', async ({
  cluster,
  visitor,
}) => {
  const { page } = await visitor.open('ord');
  await page.evaluate(() => {
    const shared: unknown[] = [];
    const share = async (what: unknown) => {
      shared.push(what);
      if (shared.length > 1) throw new DOMException('closed', 'AbortError');
    };
    Object.assign(navigator, { share });
    Object.assign(window, { shared });
  });
  const shared = () => page.evaluate(() => (window as unknown as { shared: unknown[] }).shared);

  for (const times of [1, 2]) {
    await page.getByTestId('share').click();
    await expect.poll(async () => (await shared()).length).toBe(times);
    await expect(page.getByTestId('share-note')).toHaveText('');
  }
  expect((await shared())[0]).toEqual({ title: 'Murmuration', url: `${cluster.url('ord')}/` });
});

test('without JavaScript there is no button', async ({ cluster, newVisitor }) => {
  const { page } = await (await newVisitor({ javaScriptEnabled: false })).partiesTab('ord');
  await page.goto(cluster.url('ord'));

  await expect(page.getByTestId('total')).toBeVisible();
  await expect(page.getByTestId('share')).toBeHidden();
});

test('a private page is shared as the world', async ({ cluster, visitor }) => {
  const page = await visitor.context.newPage();

  await page.goto(`${cluster.url('ord')}/mail`);

  expect((await said(page))['og:image']).toBe(`${cluster.url('ord')}/cards/world.png`);
});

test('the site can be installed', async ({ cluster, visitor }) => {
  const page = await visitor.context.newPage();
  await page.goto(cluster.url('ord'));
  const named = await page.locator('link[rel=manifest]').getAttribute('href');

  const answer = await fetch(cluster.url('ord') + named);
  expect(answer.headers.get('content-type')).toBe('application/manifest+json');
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ name: 'Murmuration', start_url: '/', scope: '/', display: 'standalone' });

  const apple = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
  const icons: { src: string; sizes: string }[] = [...manifest.icons, { src: apple, sizes: '180x180' }];
  expect(icons.map(({ sizes }) => sizes)).toEqual(['192x192', '512x512', '512x512', '180x180']);
  for (const { src, sizes } of icons) {
    const size = await page.evaluate(async (src) => {
      const icon = new Image();
      icon.src = src;
      await icon.decode();
      return `${icon.naturalWidth}x${icon.naturalHeight}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
});
