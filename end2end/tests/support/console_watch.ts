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
  // The test ended its page between two tries.
  'WebSocket is closed before the connection is established.',
];

export class ConsoleWatch {
  private readonly heard: string[] = [];
  private readonly allowed = new Set<string>();

  /** Listens to every page of a context, now and later. */
  over(context: BrowserContext): void {
    context.on('console', (message) => {
      if (['warning', 'error', 'assert'].includes(message.type())) this.heard.push(message.text());
    });
    context.on('weberror', (error) => this.heard.push(`${error.error()}`));
  }

  /** Lets this one text pass. */
  allow(text: string): void {
    this.allowed.add(text);
  }

  /** Lets pass what Chromium logs when this server, which the test ends, does not take a live socket. */
  allowRefusals(serverUrl: string): void {
    const socket = `${serverUrl.replace('http:', 'ws:')}/live`;
    for (const reason of REFUSALS) {
      this.allow(`WebSocket connection to '${socket}' failed: ${reason}`);
    }
  }

  /** What nobody allowed. */
  complaints(): string[] {
    return this.heard.filter((text) => !this.allowed.has(text));
  }
}
