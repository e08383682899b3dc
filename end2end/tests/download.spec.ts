import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

/** What the code of a first visit to a page may weigh on its way, in kilobytes. */
const KB = { world: 118, parties: 203, one: 286, mail: 283, draw: 212, poll: 206 };

test.use({ places: ['ord'] });

/** One file of a page's code. */
interface Code {
  name: string;
  /** As transferred. */
  bytes: number;
}

/** What the code may weigh that the world page loads once it is live, in kilobytes. */
const LATER_KB = 6;

/** The WebAssembly and its scripts that a page loads, until it is live and after that. */
async function code(page: Page, url: string): Promise<{ files: Code[]; later: Code[] }> {
  const files: Promise<Code>[] = [];
  page.on('requestfinished', (request) => {
    const name = new URL(request.url()).pathname;
    if (!/\.(wasm|js)$/.test(name)) return;
    files.push(request.sizes().then(({ responseBodySize }) => ({ name, bytes: responseBodySize })));
  });
  // What comes later may be there before this test sees that the page is live.
  await page.addInitScript(() => {
    const look = () => {
      const isLive = document.querySelector('[data-testid="connection"][data-state="live"]');
      if (!isLive) return requestAnimationFrame(look);
      const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      document.documentElement.dataset.loaded = loaded.join(' ');
    };
    look();
  });
  await page.goto(url);
  await expect(page.locator('html')).toHaveAttribute('data-loaded', / /);
  const loaded = (await page.locator('html').getAttribute('data-loaded'))?.split(' ') ?? [];
  const all = await Promise.all(files);
  const isEarly = ({ name }: Code) => loaded.includes(name);
  return { files: all.filter(isEarly), later: all.filter((file) => !isEarly(file)) };
}

test('each page loads its own code and no other’s', async ({ cluster, newVisitor }, info) => {
  const ord = cluster.url('ord');
  const { code: party } = await (await newVisitor()).start('ord', 'Ann');
  const load = async (path: string) => {
    const { page } = await (await newVisitor()).partiesTab('ord');
    const { files } = await code(page, ord + path);
    const sum = files.reduce((sum, { bytes }) => sum + bytes, 0);
    await info.attach(path, { body: JSON.stringify({ sum, files }, null, 2) });
    return { sum, names: new Set(files.map(({ name }) => name)) };
  };

  const world = await load('/');
  const parties = await load('/party?sent=1');
  const one = await load(`/party/${party}`);
  const mail = await load('/mail');
  const draw = await load('/draw');
  const { code: asked } = await (await newVisitor()).ask('ord', 'When?', ['Dawn', 'Dusk']);
  const poll = await load(`/poll/${asked}`);

  expect(world.sum).toBeGreaterThan(0);
  const sums = { world, parties, one, mail, draw, poll };
  for (const [name, kilobytes] of Object.entries(KB)) {
    expect.soft(sums[name as keyof typeof KB].sum, name).toBeLessThanOrEqual(kilobytes * 1_000);
  }
  // What all need, and a file or more of its own.
  for (const page of [parties, one, mail, draw, poll]) {
    expect([...page.names].filter((name) => !world.names.has(name))).not.toEqual([]);
  }
  expect([...parties.names].filter((name) => !one.names.has(name))).not.toEqual([]);
  expect([...one.names].filter((name) => !parties.names.has(name))).not.toEqual([]);
  expect([...mail.names].filter((name) => !one.names.has(name))).not.toEqual([]);
  expect([...draw.names].filter((name) => !mail.names.has(name))).not.toEqual([]);
  expect([...poll.names].filter((name) => !draw.names.has(name))).not.toEqual([]);
  expect([...mail.names].filter((name) => !draw.names.has(name))).not.toEqual([]);
  for (const page of [parties, one, mail, draw, poll]) {
    expect([...world.names].filter((name) => !page.names.has(name))).toEqual([]);
  }
});

test('what the world page loads later is small', async ({ cluster, newVisitor }, info) => {
  const tab = await (await newVisitor({ reducedMotion: 'no-preference' })).partiesTab('ord');
  const scripts = [/sky-.*\.js/, /birds-.*\.js/].map((name) => tab.page.waitForResponse(name));
  const { later } = await code(tab.page, cluster.url('ord'));
  const sizes = scripts.map(async (script) => (await (await script).request().sizes()).responseBodySize);
  const sum = (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
  await info.attach('later', { body: JSON.stringify({ sum, later }, null, 2) });
  expect(sum).toBeLessThanOrEqual(LATER_KB * 1_000);
});

test('the code is loaded once', async ({ cluster, visitor }) => {
  const tab = await visitor.partiesTab('ord');
  const { files: first } = await code(tab.page, `${cluster.url('ord')}/party?sent=1`);
  expect(new Set(first.map(({ name }) => name)).size).toBe(first.length);
});
