// What every spec begins with: servers and persons of its own, and a console that stays silent.

import { type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { Cluster } from './cluster';
import { ConsoleWatch } from './console_watch';
import { Visitor } from './visitor';

export { expect };
export { written } from './world_page';

interface Options {
  /** See {@link Cluster}: one server each. */
  places: string[];
  /** Whether the servers keep their Redis themselves. */
  embedded: boolean;
  /** Environment variables of every server. */
  settings: Record<string, string>;
}

interface Fixtures {
  /** The servers and their Redis; gone after the test. */
  cluster: Cluster;
  /** What the browsers' consoles say; anything that is not allowed fails the test. */
  watch: ConsoleWatch;
  /** Brings in another person, with a browser of their own; to this test's servers, or to others. */
  newVisitor: (options?: BrowserContextOptions, of?: Cluster) => Promise<Visitor>;
  /** A person. */
  visitor: Visitor;
}

export const test = base.extend<Options & Fixtures>({
  places: [['ord', 'fra', 'syd'], { option: true }],
  embedded: [false, { option: true }],
  settings: [{}, { option: true }],

  cluster: async ({ places, embedded, settings }, use, info) => {
    const cluster = await Cluster.start({ places, embedded, settings, worker: info.parallelIndex });
    try {
      await use(cluster);
    } finally {
      await cluster.end();
      if (info.status !== info.expectedStatus) {
        for (const [name, body] of await cluster.logs()) {
          await info.attach(`${name}.log`, { body, contentType: 'text/plain' });
        }
      }
      await cluster.remove();
    }
  },

  watch: async ({}, use) => {
    const watch = new ConsoleWatch();
    await use(watch);
    expect(watch.complaints(), 'what the console said').toEqual([]);
  },

  // Closed before the servers end: a page must not see them go.
  newVisitor: async ({ browser, cluster, watch }, use) => {
    const visitors: Visitor[] = [];
    await use(async (options, of = cluster) => {
      const context = await browser.newContext(options);
      watch.over(context, options?.javaScriptEnabled);
      const visitor = new Visitor(context, of, options?.javaScriptEnabled);
      visitors.push(visitor);
      return visitor;
    });
    await Promise.all(visitors.map((visitor) => visitor.context.close()));
  },

  visitor: async ({ newVisitor }, use) => {
    await use(await newVisitor());
  },
});
