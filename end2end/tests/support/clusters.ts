// Two clusters that exchange mail, with a Redis each: `larks` with `ord`, and `starlings` with `moon`.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from './cluster';
import { freePort } from './ports';
import { test as base } from './test';

export { expect } from './test';

/** What a cluster is to others. */
interface Card {
  name: string;
  place: string;
  port: number;
  secretKey: string;
  publicKey: string;
}

interface Fixtures {
  /** The other cluster. */
  starlings: Cluster;
  /** Both, and the folder of their files. */
  cards: { larks: Card; starlings: Card; folder: string };
}

export const test = base.extend<Fixtures>({
  cards: async ({}, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), 'mm-peers-'));
    const card = async (name: string, place: string) => {
      return { name, place, port: await freePort(info.parallelIndex), ...newKeys() };
    };
    await use({ larks: await card('larks', 'ord'), starlings: await card('starlings', 'moon'), folder });
    await rm(folder, { recursive: true, force: true });
  },

  cluster: async ({ cards }, use, info) => {
    const plan = await planOf(cards.larks, cards.starlings, cards.folder);
    await run({ ...plan, worker: info.parallelIndex }, use);
  },

  starlings: async ({ cards }, use, info) => {
    const plan = await planOf(cards.starlings, cards.larks, cards.folder);
    await run({ ...plan, worker: info.parallelIndex }, use);
  },
});

/** Makes keys as an operator does. */
function newKeys(): { secretKey: string; publicKey: string } {
  const printed = execFileSync(process.env.SERVER_BIN ?? 'server', ['keys', 'new'], { encoding: 'utf8' });
  const [secretKey] = /k4\.secret\.[\w-]+/.exec(printed) ?? [''];
  const [publicKey] = /k4\.public\.[\w-]+/.exec(printed) ?? [''];
  return { secretKey, publicKey };
}

/** The servers of a cluster that knows the other one. */
async function planOf(own: Card, other: Card, folder: string) {
  const file = async (name: string, lines: string[]) => {
    const path = join(folder, `${own.name}-${name}`);
    await writeFile(path, lines.join('\n'));
    return path;
  };
  const regions = await file('regions.toml', [
    `[[region]]\ncode = "${own.place}"\ncity = "City of ${own.name}"`,
    'lat = 1.0\nlng = 1.0\nurl = "https://region.example"',
  ]);
  const peers = await file('peers.toml', [
    `[[peer]]\nname = "${other.name}"\nurl = "http://127.0.0.1:${other.port}"`,
    `public_key = "${other.publicKey}"\nplaces = ["${other.place}"]`,
  ]);
  const settings = {
    REGIONS_FILE: regions,
    PEERS_FILE: peers,
    CLUSTER_NAME: own.name,
    FEDERATION_KEY: own.secretKey,
  };
  return { places: [own.place], ports: [own.port], embedded: false, settings };
}

/** Runs a cluster for as long as a test uses it. */
async function run(plan: Parameters<typeof Cluster.start>[0], use: (it: Cluster) => Promise<void>) {
  const cluster = await Cluster.start(plan);
  try {
    await use(cluster);
  } finally {
    await cluster.end();
    await cluster.remove();
  }
}
