// One person with a browser: their tabs share a cookie, another person's do not.

import type { BrowserContext } from '@playwright/test';
import type { Cluster } from './cluster';
import { DrawPage } from './draw_page';
import { PartiesPage } from './parties_page';
import { MailPage } from './mail_page';
import { PartyPage } from './party_page';
import { PollPage } from './poll_page';
import { WorldPage } from './world_page';

export class Visitor {
  constructor(
    readonly context: BrowserContext,
    private readonly cluster: Cluster,
    private readonly hasScripts = true,
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

  /**
   * Opens a place's parties in a tab of its own and waits until the browser runs it, if it ever does.
   *
   * As one who chose the place, so that a busy machine's round trips cannot send the page elsewhere.
   */
  async parties(place: string): Promise<PartiesPage> {
    const parties = await this.partiesTab(place);
    await parties.load('?sent=1');
    await parties.settles();
    return parties;
  }

  /** A tab for a place's parties, which is not loaded yet. */
  async partiesTab(place: string): Promise<PartiesPage> {
    return new PartiesPage(await this.context.newPage(), this.cluster.url(place), this.hasScripts);
  }

  /** Opens a party's page at a place in a tab of its own. */
  async party(place: string, code: string): Promise<PartyPage> {
    const party = await this.partyTab();
    await party.page.goto(`${this.cluster.url(place)}/party/${code}`);
    await party.settles();
    return party;
  }

  /** A tab for a party's page, which is not loaded yet. */
  async partyTab(): Promise<PartyPage> {
    return new PartyPage(await this.context.newPage(), this.hasScripts);
  }

  /** Starts a party at a place and stays on its page. */
  async start(place: string, name: string): Promise<PartyPage> {
    return (await this.parties(place)).start(name);
  }

  /** Joins a party by its code at a place and stays on its page. */
  async join(place: string, code: string, name: string): Promise<PartyPage> {
    return (await this.parties(place)).join(code, name);
  }

  /** Opens the mailbox at a place in a tab of its own, or the conversation with an address. */
  async mail(place: string, address?: string): Promise<MailPage> {
    const mail = await this.mailTab();
    await mail.page.goto(`${this.cluster.url(place)}/mail${address ? `/${address}` : ''}`);
    await mail.settles();
    return mail;
  }

  /** A tab for the pages of mail, which is not loaded yet. */
  async mailTab(): Promise<MailPage> {
    return new MailPage(await this.context.newPage(), this.hasScripts);
  }

  /** Opens a place's draw in a tab of its own. */
  async draw(place: string, query = ''): Promise<DrawPage> {
    const draw = await this.drawTab();
    await draw.load(this.cluster.url(place), query);
    await draw.settles();
    return draw;
  }

  /** A tab for a draw, which is not loaded yet. */
  async drawTab(): Promise<DrawPage> {
    return new DrawPage(await this.context.newPage(), this.hasScripts);
  }

  /** Opens a poll at a place in a tab of its own, or the form that asks for one. */
  async poll(place: string, code?: string): Promise<PollPage> {
    const poll = await this.pollTab();
    await poll.page.goto(`${this.cluster.url(place)}/poll${code ? `/${code}` : ''}`);
    await poll.settles();
    return poll;
  }

  /** A tab for a poll, which is not loaded yet. */
  async pollTab(): Promise<PollPage> {
    return new PollPage(await this.context.newPage(), this.hasScripts);
  }

  /** Creates a poll at a place and stays on its page. */
  async ask(place: string, question: string, options: string[]): Promise<PollPage> {
    const poll = await this.poll(place);
    await poll.ask(question, options);
    await poll.page.waitForURL(/\/poll\/[a-z0-9]{10}$/);
    await poll.settles();
    return poll;
  }

  /** Takes a name at a place, and stays with the mailbox. */
  async named(place: string, name: string): Promise<MailPage> {
    const mail = await this.mail(place);
    await mail.take(name);
    return mail;
  }
}
