import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { newestServer } from './support/build';

/** Writes a file that is so many seconds old. */
function write(path: string, text: string, age = 0): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  const then = Date.now() / 1000 - age;
  utimesSync(path, then, then);
}

test('the tests run the newest build, debug or release', ({}, info) => {
  const target = info.outputPath('target');
  const [debug, release] = ['debug', 'release'].map((profile) => join(target, profile, 'server'));
  const newest = () => newestServer(target, info.outputPath('site'));

  write(release, '', 60);
  expect(newest()).toBe(release);
  write(debug, '', 90);
  expect(newest()).toBe(release);
  write(debug, '', 30);
  expect(newest()).toBe(debug);
});

test('a server that was built without a site is no build to test', ({}, info) => {
  const [target, site] = [info.outputPath('target'), info.outputPath('site')];
  const [debug, release] = ['debug', 'release'].map((profile) => join(target, profile, 'server'));
  const css = (name: string) => write(join(site, 'pkg', name), '');
  write(release, '', 60);
  write(debug, '', 30);
  write(join(target, 'release/hash.txt'), 'js: 111\nwasm: 222\ncss: abc\n');
  css('murmuration.css');

  // The list is of an earlier release; `cargo leptos watch` wrote the site.
  expect(newestServer(target, site)).toBe(debug);

  css('murmuration.abc.css');
  expect(newestServer(target, site)).toBe(release);
});
