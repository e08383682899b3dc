// Everything that a page complains of fails its test.

import type { BrowserContext } from '@playwright/test';

/** What Chromium itself logs, beyond any page's control, when a server does not take a socket. */
const REFUSALS = [
  'Error in connection establishment: net::ERR_CONNECTION_REFUSED',
  'Error in connection establishment: net::ERR_CONNECTION_RESET',
  'Error in connection establishment: net::ERR_SOCKET_NOT_CONNECTED',
  'Connection closed before receiving a handshake response',
  'Error during WebSocket handshake: net::ERR_CONNECTION_RESET',
  'Error during WebSocket handshake: Unexpected response code: 503',
  'Error in connection establishment: net::ERR_INTERNET_DISCONNECTED',
];

/**
 * What Chromium logs when a page gives up a socket that is not open yet, as one does that is closed: a test may end
 * before its pages are connected. A socket that a server lets wait for too long shows in that the page is not live.
 */
const LEFT =
  /^WebSocket connection to '[^']*\/live' failed: WebSocket is closed before the connection is established\.$/;

/** What Chromium logs when a server that has ended, is cut off, or has just begun, does not answer a request either. */
const NO_ANSWER =
  /^Failed to load resource: (net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|INTERNET_DISCONNECTED)|the server responded with a status of 503 \(Service Unavailable\))$/;

interface Complaint {
  text: string;
  /** Where it comes from; empty where that is not known. */
  url: string;
}

export class ConsoleWatch {
  private readonly heard: Complaint[] = [];
  private readonly allowed = new Set<string>();
  private readonly allowedTexts: RegExp[] = [];
  private readonly allowedStatuses = new Set<number>();
  private readonly ending: string[] = [];

  /** Listens to every page of a context, now and later. */
  over(context: BrowserContext, hasScripts = true): void {
    context.on('console', (message) => {
      if (!['warning', 'error', 'assert'].includes(message.type())) return;
      // Code that the page announces to a browser that is told not to run it.
      if (!hasScripts && message.text().includes('was preloaded using link preload but not used')) return;
      this.heard.push({ text: message.text(), url: message.location().url });
    });
    context.on('weberror', (error) => this.heard.push({ text: `${error.error()}`, url: '' }));
  }

  /** Lets this one text pass. */
  allow(text: string): void {
    this.allowed.add(text);
  }

  /** Lets all such texts pass. */
  allowAll(texts: RegExp): void {
    this.allowedTexts.push(texts);
  }

  /** Lets pass what Chromium logs of a page that says itself what is wrong. */
  allowStatus(status: number): void {
    this.allowedStatuses.add(status);
  }

  /** Lets pass what Chromium logs when this server, which the test ends or cuts off, takes no socket and no request. */
  allowRefusals(serverUrl: string): void {
    this.ending.push(serverUrl);
    const socket = `${serverUrl.replace('http:', 'ws:')}/live`;
    for (const reason of REFUSALS) {
      this.allow(`WebSocket connection to '${socket}' failed: ${reason}`);
    }
  }

  /** What nobody allowed. */
  complaints(): string[] {
    const complaints = this.heard.filter((complaint) => !this.isAllowed(complaint));
    return complaints.map(({ text, url }) => (url ? `${text} (${url})` : text));
  }

  private isAllowed({ text, url }: Complaint): boolean {
    const [, status] = /^Failed to load resource: .* status of (\d+) /.exec(text) ?? [];
    return (
      LEFT.test(text) ||
      this.allowed.has(text) ||
      this.allowedTexts.some((texts) => texts.test(text)) ||
      this.allowedStatuses.has(Number(status)) ||
      (NO_ANSWER.test(text) && this.ending.some((server) => url.startsWith(`${server}/`)))
    );
  }
}
