import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

/** A phone on a slow network: Chromium's "slow 4G", and a processor several times slower than the machine's. */
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const SLOWDOWN = 4;

test.use({ places: ['ord'] });

/** What happened when, in milliseconds since the navigation began. */
interface Times {
  /** Something of the page was drawn. */
  painted: number;
  /** The page's code took the document over: from here it takes clicks itself. */
  hydrated: number;
  /** Changes show as they happen. */
  live: number;
}

async function visit(page: Page, url: string): Promise<Times> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.addInitScript(() => {
    const times: Record<string, number> = {};
    Object.assign(window, { times });
    const note = (name: string) => (times[name] ??= Math.round(performance.now()));
    // It begins with the event, and goes on until its task is over.
    document.addEventListener('hydrating', () => setTimeout(() => note('hydrated')));
    new MutationObserver(() => {
      if (document.querySelector('.connection-pill[data-state="live"]')) note('live');
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-state'] });
  });
  await page.goto(url);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  return page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const times = (window as unknown as { times: Times }).times;
    return { ...times, painted: Math.round(paint.startTime) };
  });
}

// Machines differ: the figures are for people to read (docs/performance.md), and no test of the clock.
test('pages come to life on a slow phone', async ({ cluster, newVisitor }) => {
  test.slow();
  const ord = cluster.url('ord');
  const { code } = await (await newVisitor()).start('ord', 'Ann');
  for (const path of ['/', '/party?sent=1', `/party/${code}`, '/mail', '/draw', '/poll']) {
    const { page } = await (await newVisitor()).partiesTab('ord');
    const times = await visit(page, ord + path);
    console.log(path.replace(code, '…'), JSON.stringify(times));

    expect(times.hydrated).toBeGreaterThan(0);
    expect(times.live).toBeGreaterThanOrEqual(times.painted);
    await page.close();
  }
});
