// A party's page, `/party/{code}`, in a tab, as a person finds things on it.

import { type Locator, type Page, expect } from '@playwright/test';
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
  /** What is said in the party, and where to say something. */
  readonly room: Locator;
  readonly lines: Locator;
  /** The box in which the lines scroll. */
  readonly roomLog: Locator;
  readonly earlierLines: Locator;
  readonly line: Locator;
  readonly sayButton: Locator;
  /** What a screen reader is told of lines that come. */
  readonly roomNews: Locator;

  constructor(page: Page, hasScripts = true) {
    super(page, hasScripts);
    this.participants = page.getByTestId('participants').getByRole('listitem');
    this.words = page.getByTestId('party-words');
    this.news = page.getByTestId('party-news');
    this.renameName = page.getByTestId('rename-form').getByLabel('Your name');
    this.rename = page.getByRole('button', { name: 'Change your name' });
    this.leave = page.getByRole('button', { name: 'Leave the party' });
    this.guest = page.getByTestId('guest');
    this.joinName = this.guest.getByLabel('Your name');
    this.joinButton = this.guest.getByRole('button', { name: 'Join the party' });
    this.link = page.getByLabel('Link to this party');
    this.qrCode = page.getByRole('img', { name: 'QR code of' });
    this.end = page.getByTestId('party-end').filter({ visible: true });
    this.room = page.getByRole('region', { name: 'Room' });
    this.lines = page.getByTestId('room-line');
    this.roomLog = page.getByTestId('room-log');
    this.earlierLines = page.getByTestId('earlier-lines');
    this.line = page.getByLabel('Say something').and(page.getByRole('textbox'));
    this.sayButton = page.getByRole('button', { name: 'Say', exact: true });
    this.roomNews = page.getByTestId('room-news');
  }

  /** The party's code. */
  get code(): string {
    return /\/party\/(\d{9})/.exec(this.page.url())?.[1] ?? '';
  }

  /** The participants in the page's order, such as `Wren leads online you`. */
  async people(): Promise<string[]> {
    return this.participants.evaluateAll((items) =>
      items.map((item) => {
        const name = item.querySelector('[dir=auto]')?.textContent ?? '';
        const { leader, online, you } = (item as HTMLElement).dataset;
        const marks = [
          leader !== undefined && 'leads',
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
  mark(name: string, mark: 'leads' | 'online' | 'offline' | 'you'): Locator {
    const line = this.participants.filter({ has: this.page.getByText(name, { exact: true }) });
    return line.getByText(mark, { exact: true });
  }

  /** Says something in the room. */
  async say(text: string): Promise<void> {
    await this.line.fill(text);
    await this.sayButton.click();
  }

  /** What was said, oldest first, such as `Ann: hello` or `you: hi` while it is on its way. */
  async said(): Promise<string[]> {
    return this.lines.evaluateAll((lines) =>
      lines.map((line) => {
        const name = line.querySelector('[data-testid=room-line-name]')?.textContent ?? 'you';
        return `${name}: ${line.querySelector('[data-testid=written]')?.textContent}`;
      }),
    );
  }

  /** Waits until this is what was said. */
  async tells(lines: string[], timeout?: number): Promise<void> {
    await expect.poll(() => this.said(), { timeout }).toEqual(lines);
  }
}
