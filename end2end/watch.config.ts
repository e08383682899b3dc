import { defineConfig } from '@playwright/test';
import base from './playwright.config';

// The test of `cargo leptos watch` builds in debug, from nothing on a fresh machine: `scripts/test watch`.
export default defineConfig({
  ...base,
  testDir: 'watch',
  workers: 1,
  timeout: 60 * 60_000,
});
