// A copy of the workspace that a test may edit.

import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const CACHE = process.env.MURMURATION_CACHE ?? join(homedir(), '.cache/murmuration');
/** Always the same folder, for cargo builds crates of another folder anew. */
const COPY = join(CACHE, 'watch');
/** What `cargo leptos watch` reads. */
const SOURCES = [
  ...['.gitignore', 'Cargo.toml', 'Cargo.lock', 'regions.toml', 'public', 'style'],
  ...['app', 'bench', 'edge', 'frontend', 'protocol', 'server', 'scripts/site'],
];
/** Settings of the developer and of the other tests, which `cargo leptos watch` does not need. */
const UNNEEDED = /^(LEPTOS_|REGIONS_FILE$|DATA_DIR$)/;

export class Workspace {
  readonly folder = COPY;
  /** Shared with the checkout: the dependencies are the same. */
  readonly target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');

  constructor() {
    rmSync(COPY, { recursive: true, force: true });
    mkdirSync(COPY, { recursive: true });
    for (const name of SOURCES) {
      cpSync(join(ROOT, name), join(COPY, name), { recursive: true, preserveTimestamps: true });
    }
  }

  /** The environment of programs that build or run the copy. */
  get environment(): Record<string, string | undefined> {
    const kept = Object.entries(process.env).filter(([name]) => !UNNEEDED.test(name));
    return { ...Object.fromEntries(kept), CARGO_TARGET_DIR: this.target };
  }

  /** Makes cargo build a file again: an earlier run may have built its edited version. */
  touch(name: string): void {
    const now = new Date();
    utimesSync(join(COPY, name), now, now);
  }

  /** Edits a file, in one write. */
  edit(name: string, change: (text: string) => string): void {
    const before = readFileSync(join(COPY, name), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${name} has nothing to edit`);
    writeFileSync(join(COPY, name), after);
  }
}
