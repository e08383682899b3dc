// Several servers over one Redis, all of a test's own.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports';
import type { Ending } from './process';
import { Redis } from './redis';
import { Server } from './server';

/** One region as `GET /api/world` tells it. */
export interface Region {
  code: string;
  city: string;
  clicks: number;
  people: number;
  connections: number;
  instances: number;
  reached_ms?: number;
}

/** The world as `GET /api/world` tells it. */
export interface World {
  rev: number;
  clicks: number;
  people: number;
  connections: number;
  age_ms: number;
  regions: Region[];
}

/** What a test asks for. */
export interface Plan {
  /** A server each, named by its region; more of one region as `ord#2`. */
  places: string[];
  /** Whether the servers keep a Redis themselves instead of sharing one that is there. */
  embedded: boolean;
  /** Environment variables of every server. */
  settings: Record<string, string>;
  /** Which worker runs the test: it has ports of its own. */
  worker: number;
  /** The servers' ports, where somebody must know them before; else any that are free. */
  ports?: number[];
}

/** As long as the usual beats allow to wait for Redis, in milliseconds: a busy machine stands still at times. */
const REDIS_TIMEOUT_MS = '3900';
/** Requests that may be under way at once. */
const AT_ONCE = 20;

export class Cluster {
  readonly redis: Redis;
  private readonly servers: Map<string, Server>;

  private constructor(
    private readonly plan: Plan,
    private readonly folder: string,
    ports: number[],
  ) {
    this.redis = new Redis(folder);
    const home: Record<string, string> = plan.embedded
      ? { DATA_DIR: folder }
      : { REDIS_URL: this.redis.url, REDIS_PREFIX: 'end2end:' };
    this.servers = new Map(
      plan.places.map((place, at) => {
        const region = place.split('#')[0];
        return [place, new Server(region, ports[at], { REDIS_TIMEOUT_MS, ...home, ...plan.settings })];
      }),
    );
  }

  /** Starts all of it and waits until every server is ready and knows of all. */
  static async start(plan: Plan): Promise<Cluster> {
    // A socket's path holds about a hundred bytes: the folder's own must be short.
    const folder = await mkdtemp(join(tmpdir(), 'mm-'));
    const ports = plan.ports ?? [];
    while (ports.length < plan.places.length) ports.push(await freePort(plan.worker));
    const cluster = new Cluster(plan, folder, ports);
    try {
      if (!plan.embedded) await cluster.redis.start();
      await Promise.all(plan.places.map((place) => cluster.start(place)));
      await Promise.all(plan.places.map((place) => cluster.meetAll(place)));
      return cluster;
    } catch (error) {
      await cluster.end();
      await cluster.remove();
      throw error;
    }
  }

  /** Where a place's server is. */
  url(place: string): string {
    return this.server(place).url;
  }

  /** Starts a place's server, again on its port if it ran before. */
  start(place: string): Promise<void> {
    return this.server(place).start();
  }

  /** Kills a place's server (SIGKILL), as a crash would. */
  async kill(place: string): Promise<void> {
    await this.server(place).end('SIGKILL');
  }

  /** Tells a place's server to end (SIGTERM), as a deployment does. */
  stop(place: string): Promise<Ending | undefined> {
    return this.server(place).end('SIGTERM');
  }

  /** Waits for a condition while a place's server runs. */
  until(place: string, what: string, holds: () => Promise<boolean>): Promise<void> {
    return this.server(place).until(what, holds);
  }

  /** The world as a place's server knows it. */
  async world(place: string): Promise<World> {
    const response = await fetch(`${this.url(place)}/api/world`);
    if (!response.ok) throw new Error(`${place}: ${response.status} ${await response.text()}`);
    return (await response.json()) as World;
  }

  /** One region as a place's server knows it. */
  async region(place: string, code: string): Promise<Region | undefined> {
    return (await this.world(place)).regions.find((region) => region.code === code);
  }

  /** Clicks at a place as a program does, so many times up or, below zero, down. */
  async click(place: string, times: number): Promise<void> {
    const body = JSON.stringify({ by: Math.sign(times) });
    const click = async () => {
      const headers = { 'Content-Type': 'application/json' };
      const url = `${this.url(place)}/api/clicks`;
      const response = await fetch(url, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`${place}: ${response.status} ${await response.text()}`);
    };
    for (let left = Math.abs(times); left > 0; left -= AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, click));
    }
  }

  /** What everything has said, by name. */
  async logs(): Promise<Map<string, string>> {
    const logs = new Map([...this.servers].map(([place, server]) => [place, server.log]));
    const kept = await readFile(join(this.folder, 'redis.log'), 'utf8').catch(() => '');
    return logs.set('redis', this.redis.log + kept);
  }

  /** Ends all of it. Logs are complete from here. */
  async end(): Promise<void> {
    // Servers that keep a Redis end it themselves, if they are told properly.
    const signal = this.plan.embedded ? 'SIGTERM' : 'SIGKILL';
    await Promise.all([...this.servers.values()].map((server) => server.end(signal)));
    await this.redis.kill();
  }

  /** Removes what it wrote. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Waits until a place's server knows of all servers: one that is ready may not have heard of the others. */
  private async meetAll(place: string): Promise<void> {
    const expected = this.plan.places.length;
    await this.server(place).until('all servers', async () => {
      const { regions } = await this.world(place);
      return regions.reduce((sum, region) => sum + region.instances, 0) === expected;
    });
  }

  private server(place: string): Server {
    const server = this.servers.get(place);
    if (!server) throw new Error(`no server is called ${place}`);
    return server;
  }
}
