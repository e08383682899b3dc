// Ways to look at and to change what a page and its server say to each other.

import type { Page } from '@playwright/test';

/** A frame of any type. */
export type Frame = { type: string } & Record<string, unknown>;

/** Replies that can be held back on their way to a page. */
export interface Replies {
  hold(): void;
  release(): void;
}

/** Puts a test between the server's frames and the page. Call it before the page is loaded. */
export async function interceptReplies(page: Page): Promise<Replies> {
  let held: (() => void)[] | undefined;
  await page.routeWebSocket('**/live', (browser) => {
    browser.connectToServer().onMessage((message) => {
      if (held) held.push(() => browser.send(message));
      else browser.send(message);
    });
  });
  return {
    hold: () => (held ??= []),
    release: () => {
      const due = held ?? [];
      held = undefined;
      due.forEach((pass) => pass());
    },
  };
}

/** Sockets whose replies can be lost, until they are cut. */
export interface Cuttable {
  loseReplies(): void;
  cut(): void;
}

/** Puts a test between the page and its server, which hears all that the page says. Call it before the page is loaded. */
export async function makeCuttable(page: Page): Promise<Cuttable> {
  let isLost = false;
  let cut = () => {};
  await page.routeWebSocket('**/live', (browser) => {
    const server = browser.connectToServer();
    server.onMessage((message) => {
      if (!isLost) browser.send(message);
    });
    cut = () => {
      isLost = false;
      void server.close();
      void browser.close();
    };
  });
  return { loseReplies: () => void (isLost = true), cut: () => cut() };
}

/** Changes the server's frames on their way to the page. */
export async function rewriteReplies(page: Page, rewrite: (frame: Frame) => Frame): Promise<void> {
  await page.routeWebSocket('**/live', (browser) => {
    browser.connectToServer().onMessage((message) => {
      browser.send(JSON.stringify(rewrite(JSON.parse(message.toString()))));
    });
  });
}

/** Makes the page say hello in another version; collects what its servers say. */
export async function speakVersion(page: Page, version: number): Promise<Frame[]> {
  const heard: Frame[] = [];
  await page.routeWebSocket('**/live', (browser) => {
    const server = browser.connectToServer();
    server.onMessage((message) => {
      heard.push(JSON.parse(message.toString()));
      browser.send(message);
    });
    browser.onMessage((message) => {
      const frame = JSON.parse(message.toString()) as Frame;
      server.send(JSON.stringify(frame.type === 'hello' ? { ...frame, version } : frame));
    });
  });
  return heard;
}

/** Lets the page open a socket that nobody answers; settles when it does, which is after hydration. */
export async function deafen(page: Page): Promise<{ opened: Promise<void> }> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.routeWebSocket('**/live', () => open());
  return { opened };
}

/** Lets the sockets that are open swallow everything from then on, unclosed; later ones pass. */
export async function swallowLater(page: Page): Promise<() => void> {
  let swallowed = 0;
  await page.routeWebSocket('**/live', (browser) => {
    const before = swallowed;
    const server = browser.connectToServer();
    server.onMessage((message) => {
      if (swallowed === before) browser.send(message);
    });
    browser.onMessage((message) => {
      if (swallowed === before) server.send(message);
    });
  });
  return () => void (swallowed += 1);
}

/** Notes the codes by which the page's sockets are closed. Call it before the page is loaded. */
export async function noteCloses(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const codes: number[] = [];
    const noting = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols ?? []);
        this.addEventListener('close', (event) => codes.push(event.code));
      }
    };
    Object.assign(window, { WebSocket: noting, closeCodes: codes });
  });
  return () => page.evaluate(() => (window as unknown as { closeCodes: number[] }).closeCodes);
}
