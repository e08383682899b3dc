import { expect, test } from './support/test';

/** The page's ground: light or dark. */
const GROUND = { light: 'oklch(0.985 0.008 80)', dark: 'oklch(0.19 0.05 285)' };

test('a visitor chooses a theme for all pages, or that of the system', async ({ newVisitor }) => {
  const { page } = await (await newVisitor({ colorScheme: 'light' })).open('ord');
  const html = page.locator('html');
  await expect(page.getByRole('radio', { name: 'System' })).toBeChecked();
  await expect(html).toHaveCSS('background-color', GROUND.light);

  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(html).toHaveCSS('background-color', GROUND.dark);
  await page.getByRole('link', { name: 'Mail' }).click();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(html).toHaveCSS('background-color', GROUND.dark);

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('radio', { name: 'Light' }).check();
  await expect(html).toHaveCSS('background-color', GROUND.light);
  await page.getByRole('radio', { name: 'System' }).check();
  await expect(html).toHaveCSS('background-color', GROUND.dark);
});

test('the theme is that of pages without code of their own, too', async ({ cluster, watch, newVisitor }) => {
  watch.allowStatus(404);
  const { page } = await (await newVisitor({ colorScheme: 'light' })).open('ord');
  await page.getByRole('radio', { name: 'Dark' }).check();

  for (const path of ['/about', '/you', '/api/docs', '/nowhere']) {
    await page.goto(cluster.url('ord') + path);

    await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
    await expect(page.locator('html')).toHaveCSS('background-color', GROUND.dark);
  }
});

test('without JavaScript a theme lasts as long as the page', async ({ newVisitor }) => {
  const visitor = await newVisitor({ colorScheme: 'light', javaScriptEnabled: false });
  const { page } = await visitor.mail('ord');

  await page.getByText('Dark', { exact: true }).click();

  await expect(page.locator('html')).toHaveCSS('background-color', GROUND.dark);
});
