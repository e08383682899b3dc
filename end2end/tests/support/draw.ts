// The draw as programs and frames tell of it.

import type { Page } from '@playwright/test';

/** A player, as one is shown. */
export interface Player {
  id: number;
  points: number;
}

/** The round as `GET /api/draw` tells it. */
export interface Report {
  round: number;
  players: number;
  started_at: string;
  next_at: string | null;
  progress: { round: number; percent: number } | null;
  histogram: number[];
  age_ms: number;
}

/** What a frame tells of the draw. */
export interface News {
  report: Report;
  next_in_ms: number | null;
  asked_at: string | null;
  opening: Player[];
}

/** What a server tells of the round. */
export async function report(server: string): Promise<Report> {
  return read(`${server}/api/draw`);
}

/** Asks as a program does. */
export async function ask(server: string): Promise<{ users: Player[]; timestamp: string | null }> {
  return read(`${server}/api/max-two`);
}

/** A player as a server knows them. */
export async function player(server: string, id: number): Promise<Player & { round: number }> {
  return read(`${server}/api/players/${id}`);
}

/** How many rounds a server has made. */
export async function roundsMade(server: string): Promise<number> {
  const metrics = await (await fetch(`${server}/metrics`)).text();
  return Number(/^\w*draw_rounds_made\w* (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** News of a round of a million players, the next of which is far away. */
export function news(round: number, opening: Player[], own: Partial<Report> = {}): News {
  const hour = `${round % 24}`.padStart(2, '0');
  const report = {
    round,
    players: 1_000_000,
    started_at: `2026-11-21T${hour}:00:00.000Z`,
    next_at: '2026-11-22T12:00:00.000Z',
    progress: null,
    histogram: Array.from({ length: 101 }, (_, points) => 9_750 + ((points * points * 7_919) % 311)),
    age_ms: 0,
    ...own,
  };
  return { report, next_in_ms: 47_000, asked_at: '2026-11-21T11:59:58.000Z', opening };
}

/** News of a round while the next is made. */
export function making(round: number, percent: number, opening: Player[]): News {
  const own = { next_at: null, progress: { round: round + 1, percent } };
  return { ...news(round, opening, own), next_in_ms: null };
}

/** Takes the place of the draw itself for a page: it hears what the test tells. Call it before the page is loaded. */
export async function tellInstead(page: Page): Promise<(news: News) => void> {
  let send = (_: string) => {};
  await page.routeWebSocket('**/live', (browser) => {
    send = (text) => browser.send(text);
    browser.connectToServer().onMessage((message) => {
      if (JSON.parse(message.toString()).topic !== 'draw') browser.send(message);
    });
  });
  return (news) => send(JSON.stringify({ type: 'state', topic: 'draw', state: news }));
}

/** Answers the page's own questions with these players, of that round. */
export async function answerInstead(page: Page, round: number, users: Player[]): Promise<void> {
  await page.route('**/api/max-two', (route) =>
    route.fulfill({
      json: { users, timestamp: '2026-11-21 11:59:58' },
      headers: { 'Draw-Round': `${round}` },
    }),
  );
}
