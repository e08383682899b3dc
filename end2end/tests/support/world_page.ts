// The world page in a tab, as a person finds things on it.

import { type Locator, type Page, type Response, expect } from '@playwright/test';
import { SitePage } from './site_page';

/** What a region's row says. */
export type Cell = 'clicks' | 'people' | 'instances' | 'here' | 'reach';

/** A number as the page writes it. */
export function written(number: number): string {
  return number.toLocaleString('en-GB').replace('-', '−');
}

export class WorldPage extends SitePage {
  readonly more: Locator;
  readonly less: Locator;
  readonly total: Locator;
  /** How many clicks wait. */
  readonly waiting: Locator;
  /** What went wrong a moment ago. */
  readonly notice: Locator;
  readonly servedInstance: Locator;
  /** How soon other regions had the visitor's newest click. */
  readonly elsewhere: Locator;
  /** The table of regions. */
  readonly regions: Locator;

  constructor(
    page: Page,
    private readonly url: string,
  ) {
    super(page);
    this.more = page.getByRole('button', { name: 'Add one' });
    this.less = page.getByRole('button', { name: 'Subtract one' });
    this.total = page.getByTestId('total');
    this.waiting = page.getByTestId('waiting');
    this.notice = page.getByTestId('notice');
    this.servedInstance = page.getByTestId('served-instance');
    this.elsewhere = page.getByTestId('elsewhere');
    this.regions = page.getByTestId('regions');
  }

  /** Loads the page, and no more. */
  async load(): Promise<Response> {
    const response = await this.page.goto(this.url);
    if (!response) throw new Error(`${this.url} did not answer`);
    return response;
  }

  /** Clicks so many times up or, below zero, down. */
  async click(times: number): Promise<void> {
    for (let left = Math.abs(times); left > 0; left--) {
      await (times < 0 ? this.less : this.more).click();
    }
  }

  /** A region's row. */
  row(code: string): Locator {
    return this.regions.locator(`tr[data-region="${code}"]`);
  }

  /** What a region's row says of one thing. */
  cell(code: string, cell: Cell): Locator {
    return this.row(code).locator(`[data-cell="${cell}"]`);
  }

  /** Waits until the page shows this total. */
  async shows(total: number): Promise<void> {
    await expect(this.total).toHaveText(written(total));
  }

  /** The total that the page shows at this moment. */
  async shown(): Promise<number> {
    const text = await this.total.innerText();
    return Number(text.trim().replace('−', '-').replaceAll(',', ''));
  }
}
