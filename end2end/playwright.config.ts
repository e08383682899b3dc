import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { newestServer } from './tests/support/build';

// The tests start their own servers (tests/support), several regions for each. `scripts/test` says
// which build; otherwise it is the newest.
const target = resolve(process.env.CARGO_TARGET_DIR ?? resolve(__dirname, '../target'));

process.env.SITE_ROOT ??= resolve(__dirname, '../target/site');
process.env.SERVER_BIN ??= newestServer(target, process.env.SITE_ROOT);
process.env.REGIONS_FILE ??= resolve(__dirname, '../regions.toml');
process.env.LEPTOS_ENV ??= 'PROD';
process.env.LEPTOS_OUTPUT_NAME ??= 'murmuration';
process.env.LEPTOS_SITE_ROOT ??= process.env.SITE_ROOT;
process.env.LEPTOS_SITE_PKG_DIR ??= 'pkg';

// Unset: the browser that `npx playwright install` brings.
const debian = '/usr/bin/chromium';
const chromium = process.env.CHROMIUM_PATH || (existsSync(debian) ? debian : undefined);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'artifacts',
  // A worker runs several servers, a Redis and a browser: two of them fill a small machine.
  workers: 2,
  // As scripts/test does with the other tests, which says why.
  retries: process.env.CI === 'true' ? 1 : 0,
  forbidOnly: process.env.CI === 'true',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    // Without a graphics card every moving page costs a good part of a core.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
});
