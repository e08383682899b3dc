// The parties, `/party`, in a tab, as a person finds things on it.

import { type Locator, type Page, type Response, expect } from '@playwright/test';
import { PartyPage } from './party_page';
import { SitePage } from './site_page';

/** What a region's line tells. */
export type Fact = 'distance' | 'people' | 'instances' | 'round-trip';

/** What a person may ask for when they start a party. */
interface Wish {
  /** Whether others may find it. */
  isListed?: boolean;
}

export class PartiesPage extends SitePage {
  /** The region that the visitor is sent to, and why. */
  readonly city: Locator;
  readonly reason: Locator;
  /** Where the visitor is taken to be, and how they can tell. */
  readonly place: Locator;
  readonly locate: Locator;
  readonly joinForm: Locator;
  readonly joinCode: Locator;
  readonly joinName: Locator;
  readonly createForm: Locator;
  readonly createName: Locator;
  readonly listed: Locator;
  readonly ownParty: Locator;
  /** The parties nearby. */
  readonly nearby: Locator;
  /** The live regions. */
  readonly regions: Locator;
  /** The line on the map. */
  readonly way: Locator;

  constructor(
    page: Page,
    private readonly url: string,
    hasScripts = true,
  ) {
    super(page, hasScripts);
    this.city = page.getByTestId('destination-city');
    this.reason = page.getByTestId('destination-reason');
    this.place = page.getByTestId('place');
    this.locate = page.getByRole('button', { name: 'Use my location' });
    this.joinForm = page.getByRole('form', { name: 'Join a party' });
    this.joinCode = this.joinForm.getByLabel('Party code');
    this.joinName = this.joinForm.getByLabel('Your name');
    this.createForm = page.getByRole('form', { name: 'Start a party' });
    this.createName = this.createForm.getByLabel('Your name');
    this.listed = this.createForm.getByRole('checkbox', { name: 'Let people nearby find it' });
    this.ownParty = page.getByRole('region', { name: 'Your party' });
    this.nearby = page.getByTestId('nearby-party');
    this.regions = page.getByTestId('regions').getByRole('listitem');
    this.way = page.getByTestId('route').locator('path');
  }

  /** Loads the page, and no more. */
  async load(query = ''): Promise<Response> {
    const response = await this.page.goto(`${this.url}/party${query}`);
    if (!response) throw new Error(`${this.url} did not answer`);
    return response;
  }

  /** Starts a party, whose page comes next. */
  async start(name: string, { isListed = true }: Wish = {}): Promise<PartyPage> {
    await this.sendStart(name, { isListed });
    return this.arrive();
  }

  /** Sends the form that starts a party, whatever comes of it. */
  async sendStart(name: string, { isListed = true }: Wish = {}): Promise<void> {
    await this.createName.fill(name);
    await this.listed.setChecked(isListed);
    await this.createForm.getByRole('button', { name: 'Start a party' }).click();
  }

  /** Joins a party, whose page comes next. */
  async join(code: string, name: string): Promise<PartyPage> {
    await this.sendJoin(code, name);
    return this.arrive();
  }

  /** Sends the form that joins a party, whatever comes of it. */
  async sendJoin(code: string, name: string): Promise<void> {
    await this.joinCode.fill(code);
    await this.joinName.fill(name);
    await this.joinForm.getByRole('button', { name: 'Join' }).click();
  }

  /** A region's line. */
  region(code: string): Locator {
    return this.page.getByTestId('regions').locator(`[data-region="${code}"]`);
  }

  /** What a region's line tells. */
  fact(code: string, fact: Fact): Locator {
    return this.region(code).locator(`[data-cell="${fact}"]`);
  }

  /** The codes of the regions, in the page's order. */
  async order(): Promise<(string | null)[]> {
    const lines = await this.regions.all();
    return Promise.all(lines.map((line) => line.getAttribute('data-region')));
  }

  /** The line of a party nearby. */
  party(code: string): Locator {
    return this.page.getByTestId('nearby').locator(`[data-code="${code}"]`);
  }

  private async arrive(): Promise<PartyPage> {
    await expect(this.page).toHaveURL(/\/party\/\d{9}$/);
    const party = new PartyPage(this.page, this.hasScripts);
    await party.settles();
    return party;
  }
}
