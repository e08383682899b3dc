// The poll's pages, `/poll` and `/poll/{code}`, in a tab, as a person finds things on them.

import { type Locator, type Page, expect } from '@playwright/test';
import { SitePage } from './site_page';

export class PollPage extends SitePage {
  /** The form that asks. */
  readonly question: Locator;
  readonly options: Locator;
  readonly create: Locator;
  readonly ownPolls: Locator;
  /** What is asked. */
  readonly asked: Locator;
  /** How many have voted. */
  readonly words: Locator;
  readonly votes: Locator;
  readonly withdraw: Locator;
  readonly close: Locator;
  readonly link: Locator;
  readonly qrCode: Locator;
  /** What a screen reader is told. */
  readonly news: Locator;
  /** What the page says of changes that wait. */
  readonly waits: Locator;
  /** Why a change was refused. */
  readonly notice: Locator;

  constructor(page: Page, hasScripts = true) {
    super(page, hasScripts);
    this.question = page.getByTestId('question');
    this.options = page.getByTestId('option');
    this.create = page.getByRole('button', { name: 'Create poll' });
    this.ownPolls = page.getByTestId('link').getByRole('link');
    this.asked = page.getByTestId('title');
    this.words = page.getByTestId('summary');
    this.votes = page.getByTestId('votes');
    this.withdraw = page.getByRole('button', { name: 'Withdraw your vote' });
    this.close = page.getByTestId('close');
    this.link = page.getByLabel('Link to this poll');
    this.qrCode = page.getByRole('img', { name: 'QR code of' });
    this.news = page.getByTestId('news');
    this.waits = page.getByTestId('change-waits');
    this.notice = page.getByTestId('notice');
  }

  /** Fills the form in and sends it. */
  async ask(question: string, options: string[]): Promise<void> {
    await this.question.fill(question);
    for (const [at, option] of options.entries()) await this.options.nth(at).fill(option);
    await this.create.click();
  }

  /** The poll's code. */
  get code(): string {
    return /\/poll\/([a-z0-9]{10})/.exec(this.page.url())?.[1] ?? '';
  }

  /** The button of an option. */
  option(name: string): Locator {
    return this.page.getByTestId('vote').filter({ hasText: new RegExp(`^${name}$`) });
  }

  async vote(name: string): Promise<void> {
    await this.option(name).click();
  }

  /** Closes the poll, and means it. */
  async closeNow(): Promise<void> {
    await this.close.click();
    await this.page.getByTestId('close-now').click();
  }

  /** Waits until the options have so many votes, in their order. */
  async shows(...votes: number[]): Promise<void> {
    await expect(this.votes).toHaveText(votes.map((votes) => `${votes} ${votes === 1 ? 'vote' : 'votes'}`));
    const total = votes.reduce((sum, votes) => sum + votes, 0);
    await expect(this.words).toHaveText(new RegExp(`^(The poll is closed\\. )?${total} votes?\\.`));
  }

  /** Waits until that option, or none, is the visitor's own. */
  async chose(name?: string): Promise<void> {
    const chosen = this.page.locator('[data-testid="vote"][aria-pressed="true"]');
    await expect(chosen).toHaveText(name === undefined ? [] : [name]);
  }
}
