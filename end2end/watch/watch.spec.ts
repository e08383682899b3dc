import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, expect, test } from '@playwright/test';
import { freePort } from '../tests/support/ports';
import { Process } from '../tests/support/process';
import { Redis } from '../tests/support/redis';
import { Workspace } from './workspace';

/** Holds the connection's labels: one that the server renders, one that only a browser shows. */
const LABELS = 'app/live/src/connection.rs';
/** A build of all dependencies, on a small machine. */
const FIRST_BUILD_MS = 50 * 60_000;
/** A rebuild after an edit, on a machine that does other things as well. */
const REBUILD_MS = 5 * 60_000;

const label = (page: Page) => page.getByTestId('connection-label');
const outline = (page: Page) => page.evaluate(() => getComputedStyle(document.body).outlineColor);
const html = async (url: string) => (await fetch(url)).text();

/** Waits until a server is ready; an error if the process that runs it ends before. */
async function ready(url: string, runner: Process, timeout: number): Promise<void> {
  const isReady = async () => {
    if (runner.ending) throw new Error(`it ended:\n${runner.log}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    return Boolean(answer?.ok);
  };
  const deadline = Date.now() + timeout;
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Error(`${url} is not ready:\n${runner.log}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('edits of code and styles reach the browsers of both regions', async ({ browser }, info) => {
  const workspace = new Workspace();
  workspace.touch(LABELS);
  // A socket's path holds about a hundred bytes: the folder's own must be short.
  const folder = mkdtempSync(join(tmpdir(), 'mm-'));
  const redis = new Redis(folder);
  const [first, second, reload] = [await freePort(0), await freePort(0), await freePort(0)];
  const run = (program: string, args: string[], settings: Record<string, string>) =>
    new Process(program, args, { ...workspace.environment, REDIS_URL: redis.url, ...settings }, workspace.folder);
  const running: Process[] = [];
  try {
    await redis.start();
    const watch = run('cargo-leptos', ['leptos', 'watch'], {
      LEPTOS_SITE_ADDR: `127.0.0.1:${first}`,
      LEPTOS_RELOAD_PORT: `${reload}`,
    });
    running.push(watch);
    const url = `http://127.0.0.1:${first}`;
    await ready(url, watch, FIRST_BUILD_MS);
    const other = run(join(workspace.target, 'debug/server'), [], {
      FLY_REGION: 'fra',
      LEPTOS_SITE_ADDR: `127.0.0.1:${second}`,
    });
    running.push(other);
    const otherUrl = `http://127.0.0.1:${second}`;
    await ready(otherUrl, other, REBUILD_MS);
    const [page, otherPage] = [await browser.newPage(), await browser.newPage()];
    await page.goto(url);
    await otherPage.goto(otherUrl);
    for (const one of [page, otherPage]) await expect(label(one)).toHaveText('Live', { timeout: REBUILD_MS });

    await test.step('a style', async () => {
      workspace.edit('style/_base.scss', (text) => `${text}\nbody { outline-color: rgb(1, 2, 3); }\n`);

      await expect.poll(() => outline(page), { timeout: REBUILD_MS }).toBe('rgb(1, 2, 3)');
      // Nobody reloads the pages of a server that cargo-leptos did not start.
      await otherPage.reload();
      expect(await outline(otherPage)).toBe('rgb(1, 2, 3)');
    });

    await test.step('code of server and browser', async () => {
      workspace.edit(LABELS, (text) =>
        text.replace(/(Self::Rendered => )".*"/, '$1"Rendered, edited"').replace(/(Self::Live => )"Live"/, '$1"Live, edited"'),
      );

      await expect(label(page)).toHaveText('Live, edited', { timeout: REBUILD_MS });
      expect(await html(url)).toContain('Rendered, edited');
      await otherPage.reload();
      await expect(label(otherPage)).toHaveText('Live, edited', { timeout: REBUILD_MS });
      // The pages that cargo-leptos reloads get the style of before, too.
      expect(await outline(page)).toBe('rgb(1, 2, 3)');
    });
  } finally {
    for (const process of running.reverse()) {
      await process.end('SIGINT');
      await info.attach('log', { body: process.log, contentType: 'text/plain' });
    }
    await redis.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});
