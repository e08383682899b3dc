import type { Page } from '@playwright/test';
import type { Region } from './support/cluster';
import { type Frame, rewriteReplies } from './support/live_socket';
import { expect, test } from './support/test';

/** A phone, several times slower than the machine. */
const PHONE = { width: 360, height: 740 };
const SLOWDOWN = 4;
/** Words in the middle of their line begin elsewhere once a region is measured, or a time is the reader's own. */
const OTHER_WORDS = 0.01;
/** Where they are; elsewhere nothing may move. */
const WITH_OTHER_WORDS = /^\/(party\?|draw)/;

test.use({ places: ['ord', 'fra', 'syd'] });

/** Notes what moves on a page, from its first paint. */
async function noteShifts(page: Page): Promise<() => Promise<[number, string[]]>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.addInitScript(() => {
    const shifts: [number, string][] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: any[] })[]) {
        const sources = entry.sources.map(({ node, previousRect, currentRect }) => {
          const name = node?.className ?? node?.parentElement?.className ?? node?.nodeName;
          return `${name} ${JSON.stringify(previousRect)} -> ${JSON.stringify(currentRect)}`;
        });
        shifts.push([entry.value, `${entry.value}: ${sources.join('; ')}`]);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return async () => {
    // What has just changed is drawn, and told, within two frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const shifts = await page.evaluate(
      () => (window as unknown as { shifts: [number, string][] }).shifts,
    );
    return [shifts.reduce((sum, [value]) => sum + value, 0), shifts.map(([, words]) => words)];
  };
}

test('no page moves while it comes to life on a slow phone', async ({ cluster, newVisitor }) => {
  test.slow();
  const owner = await newVisitor({ viewport: PHONE });
  const { code } = await owner.start('ord', 'Ann');
  await owner.named('ord', 'wren');
  const poll = await owner.ask('ord', 'When do we fly?', ['Dawn', 'Dusk']);
  await (await newVisitor()).named('fra', 'finch');
  await cluster.click('fra', 60);
  const found: Record<string, string[]> = {};
  // Who was sent to the nearest region once is not sent on, whatever is measured.
  const parties = ['/party?sent=1', `/party/${code}`];
  const polls = ['/poll', `/poll/${poll.code}`];
  const paths = ['/', ...parties, '/mail', '/mail/fra-finch', '/draw', ...polls];
  const stranger = await newVisitor({ viewport: PHONE });
  const visits = [owner, stranger].flatMap((person) => paths.map((path) => ({ person, path })));
  for (const { person, path } of visits) {
    const { page } = await person.tab('ord');
    const shifts = await noteShifts(page);
    await page.goto(cluster.url('ord') + path);
    await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
    // The regions have answered: whom they are measured for knows it.
    if (path.startsWith('/party?')) {
      await expect(page.getByTestId('regions')).not.toContainText('not measured');
    }
    const [sum, sources] = await shifts();
    if (sum > (WITH_OTHER_WORDS.test(path) ? OTHER_WORDS : 0)) found[`${path} (${person === owner ? 'owner' : 'stranger'})`] = sources;
    await page.close();
  }
  expect(found).toEqual({});
});

test('the buttons stay where they are, however long the number is', async ({
  newVisitor,
  cluster,
}) => {
  await cluster.click('ord', 9);
  for (const viewport of [PHONE, { width: 768, height: 900 }, { width: 1440, height: 900 }]) {
    const tab = await (await newVisitor({ viewport })).tab('ord');
    let factor = 1;
    await rewriteReplies(tab.page, (frame) => manyClicks(frame, factor));
    await tab.load();
    await tab.shows(9);
    const places = async () => [await tab.less.boundingBox(), await tab.more.boundingBox()];
    const before = await places();
    for (factor of [10, 1_000, 100_000, 1e9]) {
      await tab.page.reload();
      await tab.shows(9 * factor);
      expect(await places(), `${9 * factor} at ${viewport.width} px`).toEqual(before);
    }
  }
});

/** A world with so many times the clicks. */
function manyClicks(frame: Frame, factor: number): Frame {
  if (frame.topic !== 'world') return frame;
  const state = frame.state as { regions: Region[] };
  const regions = state.regions.map((it) => ({ ...it, clicks: it.clicks * factor }));
  return { ...frame, state: { ...state, regions } };
}
