// Ways to make a region slower for one page, as a long way would.

import type { BrowserContext } from '@playwright/test';

/** How long the ping of a server takes, in milliseconds; nothing where it takes as long as it does. */
export type Slowness = (server: string, page: string) => number | undefined;

/** The pings that were answered, by the page that sent them and the server that they went to. */
export class Pings {
  private readonly counts = new Map<string, number>();

  /** How many pings of pages of one server another server has answered. */
  count(page: string, server: string): number {
    return this.counts.get(`${page} ${server}`) ?? 0;
  }

  /** Notes an answer. */
  note(page: string, server: string): void {
    this.counts.set(`${page} ${server}`, this.count(page, server) + 1);
  }
}

/** Puts a test between all pages of a browser and the pings of the servers. */
export async function slowDown(context: BrowserContext, slowness: Slowness): Promise<Pings> {
  const pings = new Pings();
  await context.route('**/ping', async (route) => {
    const server = new URL(route.request().url()).origin;
    const page = new URL(route.request().frame().url()).origin;
    const wait = slowness(server, page);
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    // A page that has gone elsewhere waits no more.
    await route.continue().then(
      () => pings.note(page, server),
      () => {},
    );
  });
  return pings;
}
