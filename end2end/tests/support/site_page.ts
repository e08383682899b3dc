// What all pages have.

import { type Locator, type Page, expect } from '@playwright/test';

/** How a page may stand with its server. */
export type Connection =
  | 'rendered'
  | 'live'
  | 'polling'
  | 'unanswered'
  | 'stale'
  | 'reconnecting'
  | 'offline'
  | 'stopped';

export class SitePage {
  /** How the page stands with its server, and what that means. */
  readonly connection: Locator;
  readonly connectionDetail: Locator;
  readonly navigation: Locator;
  /** What went wrong with a form that was sent. */
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    /** Whether the browser runs the page's scripts. */
    readonly hasScripts = true,
  ) {
    this.connection = page.getByTestId('connection');
    this.connectionDetail = page.getByTestId('connection-detail');
    this.navigation = page.getByRole('navigation', { name: 'Site' });
    this.problem = page.getByRole('alert');
  }

  /** Waits until the page stands so with its server. */
  async is(connection: Connection, timeout?: number): Promise<void> {
    await expect(this.connection).toHaveAttribute('data-state', connection, { timeout });
  }

  /** Waits until the page is as far as it gets by itself: live, where the browser runs its scripts. */
  async settles(): Promise<void> {
    await this.is(this.hasScripts ? 'live' : 'rendered');
  }

  /** The server that the page is from. */
  origin(): string {
    return new URL(this.page.url()).origin;
  }

  /** Marks the document: the mark is gone as soon as the page is loaded anew. */
  async markDocument(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { isMarked: true }));
  }

  /** Whether the page is the one that was marked. */
  async isMarked(): Promise<boolean> {
    return this.page.evaluate(() => 'isMarked' in window);
  }
}
