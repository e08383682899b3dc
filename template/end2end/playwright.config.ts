import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

// Two regions, which share the Redis that the first server starts. `cargo leptos watch` builds both.
const project = resolve(__dirname, '..');
const target = process.env.CARGO_TARGET_DIR ?? join(project, 'target');
// Playwright reads this file in several processes: all must know one folder.
process.env.DATA_DIR ??= mkdtempSync(join(tmpdir(), 'murm-'));

const server = (region: string, port: number, command: string) => ({
  command,
  cwd: project,
  url: `http://127.0.0.1:${port}/readyz`,
  timeout: 60 * 60_000,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 10_000 },
  env: {
    DATA_DIR: process.env.DATA_DIR ?? '',
    FLY_REGION: region,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LEPTOS_SITE_ROOT: join(project, 'target/site'),
    LEPTOS_RELOAD_PORT: '4703',
  },
});

export default defineConfig({
  testDir: 'tests',
  // Both servers are one cluster: its numbers are shared by all tests.
  workers: 1,
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: { executablePath: process.env.CHROMIUM_PATH || undefined, args: ['--no-sandbox'] },
  },
  webServer: [
    server('ord', 4701, 'cargo leptos watch'),
    server('fra', 4702, `exec '${join(target, 'debug/{{project-name}}')}'`),
  ],
});
