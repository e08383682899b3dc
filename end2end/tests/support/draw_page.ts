// The draw's page, `/draw`, in a tab, as a person finds things on it.

import { type Locator, type Page, type Response, expect } from '@playwright/test';
import type { Player } from './draw';
import { SitePage } from './site_page';

/** What the page may know of the next round. */
export type Next = 'waiting' | 'soon' | 'making' | 'away' | 'lost';

export class DrawPage extends SitePage {
  /** Those who are shown, with the button that asks for others. */
  readonly two: Locator;
  readonly players: Locator;
  /** What stands in an empty place. */
  readonly nobody: Locator;
  readonly drawAgain: Locator;
  readonly drawProblem: Locator;
  /** What a screen reader is told of those who are shown. */
  readonly said: Locator;
  readonly round: Locator;
  /** When the query before was made, or why there was none. */
  readonly before: Locator;
  readonly lastAsked: Locator;
  readonly next: Locator;
  readonly countdown: Locator;
  readonly progress: Locator;
  readonly nextWords: Locator;
  /** That nothing of it moves; without JavaScript only. */
  readonly nextStill: Locator;
  /** The field for a player's number. */
  readonly player: Locator;
  readonly lookUp: Locator;
  /** What is said at the field. */
  readonly note: Locator;
  readonly found: Locator;
  /** What a screen reader is told of them. */
  readonly foundSaid: Locator;
  /** The visitor's own player: the points, what they mean, and the button that begins or ends it. */
  readonly ownPoints: Locator;
  readonly ownWords: Locator;
  readonly ownButton: Locator;
  /** How the points are spread: in words, as a chart, as a table. */
  readonly spreadWords: Locator;
  readonly chart: Locator;
  readonly numbers: Locator;
  readonly pins: Locator;

  constructor(page: Page, hasScripts = true) {
    super(page, hasScripts);
    this.two = page.getByTestId('drawn-players');
    this.players = page.getByTestId('player');
    this.nobody = page.getByTestId('nobody');
    this.drawAgain = page.getByTestId('draw-again');
    this.drawProblem = page.getByTestId('draw-problem');
    this.said = page.getByTestId('drawn-news');
    this.round = page.getByTestId('round');
    this.before = page.getByTestId('before');
    this.lastAsked = page.getByTestId('last-draw');
    this.next = page.getByTestId('next');
    this.countdown = page.getByRole('timer');
    this.progress = page.getByRole('progressbar', { name: 'Progress of the next round' });
    this.nextWords = page.getByTestId('next-words');
    this.nextStill = page.getByTestId('next-static');
    this.player = page.getByRole('textbox', { name: 'Player', exact: true });
    this.lookUp = page.getByRole('button', { name: 'Look up', exact: true });
    this.note = page.getByTestId('lookup-note');
    this.found = page.getByTestId('found');
    this.foundSaid = page.getByTestId('found-news');
    this.ownPoints = page.getByTestId('own-points');
    this.ownWords = page.getByTestId('own-words');
    this.ownButton = page.getByTestId('own-button');
    this.spreadWords = page.getByTestId('spread-words');
    this.chart = page.getByRole('img', { name: 'How many players have how many points' });
    this.numbers = page.getByText('Show as table');
    this.pins = page.getByTestId('pins').getByRole('listitem');
  }

  /** Loads the page of a server, and no more. */
  async load(server: string, query = ''): Promise<Response> {
    const response = await this.page.goto(`${server}/draw${query}`);
    if (!response) throw new Error(`${server} did not answer`);
    return response;
  }

  /** The players who are shown at this moment. */
  shown(): Promise<Player[]> {
    return this.players.evaluateAll((cards) =>
      cards.map((card) => {
        const { player, points } = (card as HTMLElement).dataset;
        return { id: Number(player), points: Number(points) };
      }),
    );
  }

  /** Waits until these are shown. */
  async shows(players: Player[]): Promise<void> {
    await expect.poll(() => this.shown()).toEqual(players);
  }

  /** The round of those who are shown at this moment. */
  async shownRound(): Promise<number> {
    return Number(await this.two.getAttribute('data-round'));
  }

  /** Waits until those are of that round, or a later one. */
  async reaches(round: number, timeout?: number): Promise<void> {
    await expect.poll(() => this.shownRound(), { timeout }).toBeGreaterThanOrEqual(round);
  }

  /** Waits until so much is known of the next round. */
  async knows(next: Next, timeout?: number): Promise<void> {
    await expect(this.next).toHaveAttribute('data-state', next, { timeout });
  }

  /** Looks a player up. */
  async find(typed: string): Promise<void> {
    await this.player.fill(typed);
    await this.lookUp.click();
  }

  /** The visitor's own player as the page shows them. */
  async own(): Promise<Player & { round: number }> {
    const text = (await this.ownPoints.innerText()).replaceAll(',', '');
    const [id, points, round] = (/player (\d+): (\d+) points? in round (\d+)/.exec(text) ?? []).slice(1);
    return { id: Number(id), points: Number(points), round: Number(round) };
  }

  /** When the draw was last asked, as the page has it (RFC 3339); nothing before the first time. */
  async lastAskedAt(): Promise<string | null> {
    const time = this.lastAsked.locator('time');
    return (await time.count()) === 0 ? null : time.getAttribute('datetime');
  }
}
