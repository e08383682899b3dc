// The page that says what this is, and its live picture.

import type { Locator, Page } from '@playwright/test';
import { violations } from './support/axe';
import { swallowLater } from './support/live_socket';
import { overhangs } from './support/overhangs';
import { expect, test } from './support/test';

test.use({ places: ['ord', 'fra'] });

/** In which the people of a killed instance must be gone from every page, and what a busy machine may add. */
const GONE_MS = 11_000;
/** In which a page must notice a connection that swallows everything, and what a busy machine may add. */
const NOTICED_MS = 20_000;
/** In which a page must be back after its server is: its longest delay between two tries, and some. */
const BACK_MS = 20_000;

/** A region in the picture, and one of its numbers. */
const region = (page: Page, code: string) => page.locator(`.star__region[data-region="${code}"]`);
const number = (item: Locator, name: string) => item.locator(`[data-of="${name}"]`);

async function isLive(page: Page, timeout?: number): Promise<void> {
  await expect(page.getByTestId('about-label')).toHaveText('Live', { timeout });
}

test('it is one link away, and shows the world as it changes', async ({ cluster, newVisitor }) => {
  const visitor = await newVisitor();
  const { page } = await visitor.open('ord');
  await page.getByRole('link', { name: 'How it works' }).click();
  await expect(page).toHaveURL(`${cluster.url('ord')}/about`);
  await isLive(page);
  await expect(page.getByTestId('about-detail')).toHaveText('Numbers update live.');
  const [ord, fra] = [region(page, 'ord'), region(page, 'fra')];
  await expect(number(ord, 'people')).toHaveText('1');
  await expect(ord).toContainText('You are served by instance');
  await expect(page.getByTestId('about-latency')).toHaveText(/^Latency: .+ ms\.$/);
  await expect(fra.locator('.star__you')).toHaveCount(0);

  await cluster.click('fra', 3);
  await expect(number(fra, 'clicks')).toHaveText('3');
  await expect(fra).toHaveAttribute('data-pulse', /[01]/);
  const before = await fra.getAttribute('data-pulse');
  await (await newVisitor()).open('fra');
  await expect(number(fra, 'people')).toHaveText('1');
  await expect(fra).not.toHaveAttribute('data-pulse', before!);
});

test('it loads no code of other pages, and breaks no rule of its policy', async ({ cluster, visitor }) => {
  const { page } = await visitor.partiesTab('ord');
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      document.documentElement.dataset.broken = `${event.violatedDirective} ${event.blockedURI}`;
    });
  });

  await page.goto(`${cluster.url('ord')}/about`);
  await isLive(page);

  expect(loaded.filter((path) => /\.(wasm|js)$/.test(path))).toEqual([]);
  await expect(page.locator('html')).not.toHaveAttribute('data-broken', /./);
});

test('a region whose server is killed is gone, and its clicks stay', async ({ cluster, watch, visitor }) => {
  await cluster.click('fra', 2);
  const { page } = await visitor.partiesTab('ord');
  await page.goto(`${cluster.url('ord')}/about`);
  await isLive(page);
  const fra = region(page, 'fra');
  await expect(number(fra, 'gone')).toBeHidden();

  watch.allowRefusals(cluster.url('fra'));
  await cluster.kill('fra');

  await expect(number(fra, 'gone')).toBeVisible({ timeout: GONE_MS });
  await expect(number(fra, 'instances')).toHaveText('0');
  await expect(number(fra, 'clicks')).toHaveText('2');
  await cluster.start('fra');
  await expect(number(fra, 'gone')).toBeHidden();
});

test('the page says when its server is gone, and comes back by itself', async ({ cluster, watch, visitor }) => {
  const { page } = await visitor.partiesTab('ord');
  await page.goto(`${cluster.url('ord')}/about`);
  await isLive(page);
  const instance = await page.getByTestId('about-instance').innerText();
  watch.allowRefusals(cluster.url('ord'));

  await cluster.kill('ord');

  await expect(page.getByTestId('about-label')).toHaveText('Not live');
  await expect(page.getByTestId('about-detail')).toHaveText(
    /^Numbers are \d+ s old: the connection is lost\. Trying again…$/,
  );
  await cluster.click('fra', 1);
  await cluster.start('ord');
  await isLive(page, BACK_MS);
  await expect(number(region(page, 'fra'), 'clicks')).toHaveText('1');
  await expect(page.getByTestId('about-instance')).not.toHaveText(instance);
});

test('a connection that swallows everything is noticed', async ({ cluster, visitor }) => {
  const { page } = await visitor.partiesTab('ord');
  const swallow = await swallowLater(page);
  await page.goto(`${cluster.url('ord')}/about`);
  await isLive(page);

  swallow();
  await cluster.click('fra', 1);

  await expect(number(region(page, 'fra'), 'clicks')).toHaveText('1', { timeout: NOTICED_MS });
});

test('the page says when Redis is gone, and how old its numbers are', async ({ cluster, visitor }) => {
  const { page } = await visitor.partiesTab('ord');
  await page.goto(`${cluster.url('ord')}/about`);
  await isLive(page);

  await cluster.redis.kill();

  await expect(page.getByTestId('about-label')).toHaveText('Delayed');
  await expect(page.getByTestId('about-detail')).toHaveText(/\d+ s old: the servers can’t reach Redis\.$/);
  await cluster.redis.start();
  await isLive(page, BACK_MS);
});

test('without JavaScript it reads fully', async ({ cluster, newVisitor }) => {
  await cluster.click('fra', 2);
  await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(2);
  const { page } = await (await newVisitor({ javaScriptEnabled: false })).partiesTab('ord');
  await page.goto(`${cluster.url('ord')}/about`);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How Murmuration works');
  const regions = page.getByRole('list', { name: 'Regions, each connected to Redis' }).getByRole('listitem');
  await expect(regions).toHaveCount(2);
  await expect(number(region(page, 'fra'), 'clicks')).toHaveText('2');
  await expect(region(page, 'ord')).toContainText('You are served by instance');
  await expect(page.getByTestId('about-label')).toHaveText('Not live yet');
  await expect(page.getByTestId('about-detail')).toHaveText('The numbers are from when this page was loaded.');
});

test('it fits every screen, by day and by night, and is calm where that is wanted', async ({
  cluster,
  newVisitor,
}, info) => {
  test.slow();
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await (await newVisitor({ colorScheme, reducedMotion: 'reduce' })).partiesTab('ord');
    await page.goto(`${cluster.url('ord')}/about`);
    await isLive(page);
    for (const width of [320, 768, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overhangs(page), `at ${width} px`).toEqual([]);
      expect(await violations(page), `at ${width} px`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${width}-${colorScheme}.png`), fullPage: true });
    }
    await cluster.click('fra', 1);
    await expect(region(page, 'fra')).toHaveAttribute('data-pulse', /[01]/);
    const running = await page.evaluate(() => document.getAnimations().length);
    expect(running).toBe(0);
  }
});

test.describe('where the source is known', () => {
  test.use({ places: ['ord'], settings: { SOURCE_URL: 'https://code.example/murmuration' } });

  test('the page leads to it', async ({ cluster, visitor }) => {
    const { page } = await visitor.partiesTab('ord');
    await page.goto(`${cluster.url('ord')}/about`);

    await expect(page.getByTestId('source')).toHaveAttribute('href', 'https://code.example/murmuration');
  });
});
