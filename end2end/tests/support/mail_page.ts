// The pages of mail, `/mail` and `/mail/{address}`, in a tab, as a person finds things on them.

import { type Locator, type Page, expect } from '@playwright/test';
import { writtenBy } from './messages';
import { SitePage } from './site_page';

/** How far a letter of the visitor's own may be. */
export type Mark = 'sending' | 'retrying' | 'delivered' | 'queued' | 'refused' | 'failed';

export class MailPage extends SitePage {
  /** Where a first name is chosen. */
  readonly nameCard: Locator;
  readonly name: Locator;
  /** What the name would make, or what is wrong with it. */
  readonly nameNote: Locator;
  readonly takeName: Locator;
  readonly ownAddress: Locator;
  readonly anotherName: Locator;
  readonly writeForm: Locator;
  readonly to: Locator;
  /** What is said of the address as one types. */
  readonly toCheck: Locator;
  readonly message: Locator;
  readonly send: Locator;
  /** The list of conversations, and how many letters in it are unread. */
  readonly conversations: Locator;
  readonly unreadOfAll: Locator;
  readonly conversation: Locator;
  /** The box in which the letters scroll. */
  readonly log: Locator;
  readonly letters: Locator;
  readonly earlier: Locator;
  readonly reply: Locator;
  readonly sendReply: Locator;
  /** What waits for another cluster, and why. */
  readonly waiting: Locator;
  /** What a screen reader is told of letters that come. */
  readonly news: Locator;
  /** The echoes that are suggested to who has no mail. */
  readonly echoes: Locator;
  /** What stands there when nobody can look mail up. */
  readonly away: Locator;

  constructor(page: Page, hasScripts = true) {
    super(page, hasScripts);
    this.nameCard = page.getByTestId('name-card');
    this.name = page.getByLabel('Name', { exact: true });
    this.nameNote = page.getByTestId('mail-name-note');
    this.takeName = page.getByTestId('take-name');
    this.ownAddress = page.getByTestId('own-address-text');
    this.anotherName = page.getByTestId('another-name');
    this.writeForm = page.getByRole('form', { name: 'Write a letter' });
    this.to = this.writeForm.getByLabel('To');
    this.toCheck = page.getByTestId('write-to-check');
    this.message = this.writeForm.getByLabel('Letter', { exact: true });
    this.send = this.writeForm.getByRole('button', { name: 'Send letter' });
    this.conversations = page.getByTestId('conversation-item');
    this.unreadOfAll = page.getByTestId('unread-all');
    this.conversation = page.getByTestId('conversation');
    this.log = page.getByRole('region', { name: 'Letters', exact: true });
    this.letters = this.log.getByTestId('message');
    this.earlier = page.getByTestId('earlier');
    this.reply = page.getByLabel('Your letter');
    this.sendReply = page.getByRole('button', { name: 'Send', exact: true });
    this.waiting = page.getByTestId('waiting-note');
    this.news = page.getByTestId('message-news');
    this.echoes = page.getByTestId('echo-link');
    this.away = page.getByTestId('mail-away');
  }

  /** Takes a name and stays with its mailbox. */
  async take(name: string): Promise<void> {
    await this.name.fill(name);
    await this.takeName.click();
    await expect(this.ownAddress).toHaveValue(new RegExp(`-${name}$`));
    await this.settles();
  }

  /** Writes in the open conversation. */
  async say(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.sendReply.click();
  }

  /** Writes to an address that is typed, and stays with the conversation. */
  async write(to: string, text: string): Promise<void> {
    await this.to.fill(to);
    await this.message.fill(text);
    await this.send.click();
    await expect(this.conversation).toBeVisible();
    await this.settles();
  }

  /** The letters of the open conversation, oldest first, such as `You: hello` or `wren: hi`. */
  async said(): Promise<string[]> {
    return writtenBy(this.letters);
  }

  /** Waits until these are the letters of the open conversation. */
  async shows(letters: string[], timeout?: number): Promise<void> {
    await expect.poll(() => this.said(), { timeout }).toEqual(letters);
  }

  /** A letter by what it says. */
  letter(text: string): Locator {
    return this.letters.filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Waits until the visitor's own letter is so far. */
  async isAt(text: string, mark: Mark, timeout?: number): Promise<void> {
    const state = this.letter(text).getByTestId('message-state');
    await expect(state).toHaveAttribute('data-state', mark, { timeout });
  }

  /** The list's entry of an address. */
  conversationWith(address: string): Locator {
    return this.page.locator(`[data-testid="conversation-item"][data-with="${address}"]`);
  }

  /** Waits until so many letters of an address are unread. */
  async hasUnread(address: string, count: number): Promise<void> {
    const unread = this.conversationWith(address).getByTestId('unread');
    if (count === 0) await expect(unread).toBeHidden();
    else await expect(unread).toHaveText(`${count} unread`);
  }

  /** Waits until these are the conversations, in this order. */
  async lists(addresses: string[]): Promise<void> {
    const listed = () =>
      this.conversations.evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.with));
    await expect.poll(listed).toEqual(addresses);
  }

  /** Opens a conversation of the list. */
  async open(address: string): Promise<void> {
    await this.conversationWith(address).getByRole('link').click();
    await expect(this.conversation).toHaveAttribute('data-with', address);
    await this.settles();
  }

  /** Scrolls to the oldest letter that is there. */
  async scrollBack(): Promise<void> {
    await this.log.evaluate((log) => (log.scrollTop = -log.scrollHeight));
  }
}
