import { type Page, expect, test } from '@playwright/test';

const REGIONS = ['http://127.0.0.1:4701/', 'http://127.0.0.1:4702/'] as const;

const total = (page: Page) => page.getByTestId('total');
const mood = (page: Page, name: string) => page.getByRole('button', { name });
const count = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: mood(page, name) }).getByTestId('count');

async function open(page: Page, url: string): Promise<Page> {
  await page.goto(url);
  await expect(page.getByTestId('connection-label')).toHaveText('Live');
  return page;
}

test('people of two regions see each other, and what each of them does', async ({ browser }) => {
  const [ann, bo] = await Promise.all(
    REGIONS.map(async (url) => open(await (await browser.newContext()).newPage(), url)),
  );
  if (!ann || !bo) throw new Error('there are two pages');
  for (const page of [ann, bo]) await expect(page.getByTestId('people')).toHaveText('2 people here');

  const before = Number(await total(ann).textContent());
  await ann.getByRole('button', { name: 'Add one' }).click();
  await bo.getByRole('button', { name: 'Add one' }).click();
  for (const page of [ann, bo]) await expect(total(page)).toHaveText(`${before + 2}`);

  await ann.getByTestId('mood').first().click();
  await mood(bo, 'Great').click();
  for (const page of [ann, bo]) await expect(count(page, 'Great')).toHaveText('2');
  await mood(ann, 'Fine').click();
  for (const page of [ann, bo]) await expect(count(page, 'Great')).toHaveText('1');
  await expect(mood(ann, 'Fine')).toHaveAttribute('aria-pressed', 'true');
  await expect(mood(bo, 'Fine')).toHaveAttribute('aria-pressed', 'false');
});

test('it works without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(REGIONS[1]);
  const [clicks, moods] = [await total(page).textContent(), await count(page, 'So-so').textContent()];

  await page.getByRole('button', { name: 'Add one' }).click();
  await expect(total(page)).toHaveText(`${Number(clicks) + 1}`);
  await mood(page, 'So-so').click();
  await expect(count(page, 'So-so')).toHaveText(`${Number(moods) + 1}`);
  await expect(mood(page, 'So-so')).toHaveAttribute('aria-pressed', 'true');
});
