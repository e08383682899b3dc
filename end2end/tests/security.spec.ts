import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

test.use({ places: ['ord'] });

/** Notes what a page does against its policy. Call it before the page is loaded. */
async function noteBreaches(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    addEventListener('securitypolicyviolation', (event) => {
      broken.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return () => page.evaluate(() => (window as unknown as { broken: string[] }).broken);
}

test('the page works under its content security policy', async ({ visitor }) => {
  const page = await visitor.tab('ord');
  const breaches = await noteBreaches(page.page);

  const headers = (await page.load()).headers();
  await page.is('live');
  await page.click(1);
  await page.shows(1);

  const policy = headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src ('sha256-[\w+/]{43}=' )+'strict-dynamic' 'wasm-unsafe-eval';/);
  expect(policy).not.toContain('unsafe-inline');
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' });
  expect(await breaches()).toEqual([]);
});

test('so does the draw, which is each visitor’s own', async ({ cluster, visitor }) => {
  const page = await visitor.drawTab();
  const breaches = await noteBreaches(page.page);

  const headers = (await page.load(cluster.url('ord'))).headers();
  await page.is('live');
  await page.drawAgain.click();
  await page.find('1');
  await expect(page.found).toBeVisible();

  expect(headers['content-security-policy']).not.toContain('unsafe-inline');
  expect(headers['cache-control']).toBe('no-store');
  expect(await breaches()).toEqual([]);
});

test('every page allows the scripts of this build and no other', async ({ cluster }) => {
  const allowed = async (path: string) => {
    const response = await fetch(new URL(path, cluster.url('ord')));
    return /script-src [^;]+;/.exec(response.headers.get('content-security-policy')!)![0];
  };

  const world = await allowed('/');
  for (const path of ['/', '/party', '/mail', '/draw', '/poll']) expect(await allowed(path)).toBe(world);
});

test('scripts cannot read the person’s cookie', async ({ visitor }) => {
  const page = await visitor.open('ord');

  const [cookie] = await visitor.context.cookies();

  expect(cookie).toMatchObject({ name: 'person', httpOnly: true, sameSite: 'Lax' });
  expect(await page.page.evaluate(() => document.cookie)).toBe('');
});

test('an unknown address answers a browser with a page and a program with a problem', async ({
  cluster,
  watch,
  visitor,
}, info) => {
  const unknown = `${cluster.url('ord')}/nowhere`;
  watch.allow('Failed to load resource: the server responded with a status of 404 (Not Found)');
  const { page } = await visitor.tab('ord');

  expect((await page.goto(unknown))?.status()).toBe(404);
  await expect(page.getByRole('heading')).toHaveText('Page not found');
  await page.screenshot({ path: info.outputPath('unknown-address.png') });
  await expect(page.getByText('Check the address, or start from the home page.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to home' }).click();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  // From a page of ours there is a way back to it.
  await page.goto(`${cluster.url('ord')}/draw`);
  await page.evaluate(() => location.assign('/nowhere'));
  await page.getByRole('link', { name: 'Back to the last page' }).click();
  await expect(page).toHaveURL(/\/draw$/);
  // Below a page of the navigation there is a way up to it.
  await page.goto(`${cluster.url('ord')}/poll/zzz`);
  await expect(page.getByRole('heading')).toHaveText('Poll not found');
  await page.getByRole('link', { name: 'Back to Poll' }).click();
  await expect(page).toHaveURL(/\/poll$/);

  const response = await fetch(unknown);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 404, title: 'Page not found' });
});

test('a page of another site can neither click nor listen', async ({ cluster, visitor }) => {
  const [ord, other] = [cluster.url('ord'), 'http://other.example'];
  const headers = { Origin: other, 'Content-Type': 'application/x-www-form-urlencoded' };

  const click = await fetch(`${ord}/clicks`, { method: 'POST', headers, body: 'by=1' });

  expect(click.status).toBe(403);
  expect((await cluster.world('ord')).clicks).toBe(0);
  const upgrade = await visitor.context.request.get(`${ord}/live`, {
    headers: {
      Origin: other,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  expect(upgrade.status()).toBe(403);
});
