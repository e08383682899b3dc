import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

// The tests start their own servers (tests/support), several regions for each. `scripts/test` says
// which build; under `cargo leptos end-to-end` it is the newest that is there.
const target = resolve(process.env.CARGO_TARGET_DIR ?? resolve(__dirname, '../target'));
const debug = resolve(target, 'debug/server');
const release = resolve(target, 'release/server');

process.env.SERVER_BIN ??= existsSync(release) ? release : debug;
process.env.SITE_ROOT ??= resolve(__dirname, '../target/site');
process.env.REGIONS_FILE ??= resolve(__dirname, '../regions.toml');
process.env.LEPTOS_ENV ??= 'PROD';
process.env.LEPTOS_OUTPUT_NAME ??= 'murmuration';
process.env.LEPTOS_SITE_ROOT ??= process.env.SITE_ROOT;
process.env.LEPTOS_SITE_PKG_DIR ??= 'pkg';
process.env.LEPTOS_HASH_FILES ??= 'true';

// Unset: the browser that `npx playwright install` brings.
const debian = '/usr/bin/chromium';
const chromium = process.env.CHROMIUM_PATH || (existsSync(debian) ? debian : undefined);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'artifacts',
  // A worker runs several servers, a Redis and a browser: two of them fill a small machine.
  workers: 2,
  retries: 0,
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
