// A party's page, `/party/{code}`, in a tab, as a person finds things on it.

import { type Locator, type Page, expect } from '@playwright/test';
import { writtenBy } from './messages';
import { SitePage } from './site_page';

export class PartyPage extends SitePage {
  readonly participants: Locator;
  /** How the party is, in a sentence. */
  readonly words: Locator;
  /** What a screen reader is told. */
  readonly news: Locator;
  readonly renameName: Locator;
  readonly rename: Locator;
  readonly leave: Locator;
  /** What somebody sees who is not in. */
  readonly guest: Locator;
  readonly joinName: Locator;
  readonly joinButton: Locator;
  readonly link: Locator;
  readonly qrCode: Locator;
  /** What stands there when there is no party, or none any more. */
  readonly end: Locator;
  readonly chat: Locator;
  readonly messages: Locator;
  /** The box in which the messages scroll. */
  readonly chatLog: Locator;
  readonly earlier: Locator;
  /** The field for a new message. */
  readonly message: Locator;
  readonly sendButton: Locator;
  /** What a screen reader is told of messages that arrive. */
  readonly chatNews: Locator;

  constructor(page: Page, hasScripts = true) {
    super(page, hasScripts);
    this.participants = page.getByTestId('participants').getByRole('listitem');
    this.words = page.getByTestId('party-words');
    this.news = page.getByTestId('party-news');
    this.renameName = page.getByTestId('rename-form').getByLabel('Your name');
    this.rename = page.getByRole('button', { name: 'Change your name' });
    this.leave = page.getByTestId('leave');
    this.guest = page.getByTestId('guest');
    this.joinName = this.guest.getByLabel('Your name');
    this.joinButton = this.guest.getByRole('button', { name: 'Join the party' });
    this.link = page.getByLabel('Link to this party');
    this.qrCode = page.getByRole('img', { name: 'QR code of' });
    this.end = page.getByTestId('party-end').filter({ visible: true });
    this.chat = page.getByRole('region', { name: 'Chat', exact: true });
    this.messages = page.getByTestId('message');
    this.chatLog = page.getByTestId('message-log');
    this.earlier = page.getByTestId('earlier');
    this.message = page.getByRole('textbox', { name: 'Message', exact: true });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.chatNews = page.getByTestId('message-news');
  }

  /** Leaves the party, and means it. */
  async goAway(): Promise<void> {
    await this.leave.click();
    await this.page.getByRole('button', { name: 'Leave', exact: true }).click();
  }

  /** The party's code. */
  get code(): string {
    return /\/party\/(\d{9})/.exec(this.page.url())?.[1] ?? '';
  }

  /** The participants in the page's order, such as `Wren host online you`. */
  async people(): Promise<string[]> {
    return this.participants.evaluateAll((items) =>
      items.map((item) => {
        const name = item.querySelector('[dir=auto]')?.textContent ?? '';
        const { leader, online, you } = (item as HTMLElement).dataset;
        const marks = [
          leader !== undefined && 'host',
          online === 'true' ? 'online' : 'offline',
          you !== undefined && 'you',
        ];
        return [name, ...marks.filter(Boolean)].join(' ');
      }),
    );
  }

  /** Waits until these are the participants. */
  async shows(people: string[], timeout?: number): Promise<void> {
    await expect.poll(() => this.people(), { timeout }).toEqual(people);
  }

  /** What stands beside a participant's name. */
  mark(name: string, mark: 'host' | 'online' | 'offline' | 'you'): Locator {
    const line = this.participants.filter({ has: this.page.getByText(name, { exact: true }) });
    return line.getByText(mark, { exact: true });
  }

  /** Sends a chat message. */
  async send(text: string): Promise<void> {
    await this.message.fill(text);
    await this.sendButton.click();
  }

  /** The chat, oldest first, such as `Ann: hello` or `You: hi` while it is on its way. */
  async chatMessages(): Promise<string[]> {
    return writtenBy(this.messages);
  }

  /** Waits until these are the messages of the chat. */
  async showsChat(messages: string[], timeout?: number): Promise<void> {
    await expect.poll(() => this.chatMessages(), { timeout }).toEqual(messages);
  }
}
