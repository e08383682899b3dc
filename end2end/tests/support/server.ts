// One instance of the real server.

import { type Ending, Process, until } from './process';

/** What every server needs to find the built site; set in playwright.config.ts. */
const SITE = [
  'LEPTOS_ENV',
  'LEPTOS_OUTPUT_NAME',
  'LEPTOS_SITE_ROOT',
  'LEPTOS_SITE_PKG_DIR',
  'REGIONS_FILE',
];

export class Server {
  /** Everything it has said, in all its lives. */
  log = '';
  private process?: Process;

  constructor(
    /** The region's code. */
    readonly region: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** Where browsers find it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on its port and waits until it is ready for visitors. */
  async start(): Promise<void> {
    const site = Object.fromEntries(SITE.map((name) => [name, process.env[name]]));
    const server = new Process(process.env.SERVER_BIN ?? 'server', [], {
      ...site,
      FLY_REGION: this.region,
      LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
      PUBLIC_URL: this.url,
      // All programs of a test are one network's, and write to few.
      MAIL_UNVERIFIED_PER_MINUTE: '100000',
      MAIL_UNVERIFIED_PER_NETWORK: '100000',
      ...this.settings,
    });
    this.process = server;
    await this.until('readiness', () => this.isReady());
  }

  /** Waits for a condition; an error if it does not hold in time, or if the server ends before. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    if (!this.process) throw new Error(`the server of ${this.region} does not run`);
    await until(`the server of ${this.region}, ${what}`, this.process, holds);
  }

  /** Ends it: SIGKILL as a crash would, SIGTERM as a deployment does. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending | undefined> {
    const ending = await this.process?.end(signal);
    this.log += this.process?.log ?? '';
    this.process = undefined;
    return ending;
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/readyz`)).ok;
  }
}
