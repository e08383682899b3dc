// One person with a browser: their tabs share a cookie, another person's do not.

import type { BrowserContext } from '@playwright/test';
import type { Cluster } from './cluster';
import { WorldPage } from './world_page';

export class Visitor {
  constructor(
    readonly context: BrowserContext,
    private readonly cluster: Cluster,
  ) {}

  /** Opens a place's page in a tab of its own and waits until it is live. */
  async open(place: string): Promise<WorldPage> {
    const tab = await this.tab(place);
    await tab.load();
    await tab.is('live');
    return tab;
  }

  /** A tab for a place's page, which is not loaded yet. */
  async tab(place: string): Promise<WorldPage> {
    return new WorldPage(await this.context.newPage(), this.cluster.url(place));
  }
}
