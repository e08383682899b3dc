// One address before several servers, as a load balancer is.

import { type Server, type Socket, connect, createServer } from 'node:net';
import { freePort } from './ports';

export class Door {
  private readonly ways = new Set<Socket>();
  private to: number;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    url: string,
  ) {
    this.to = Number(new URL(url).port);
    server.on('connection', (visitor) => this.pass(visitor));
  }

  /** Opens one that leads to a server. */
  static async open(worker: number, url: string): Promise<Door> {
    const port = await freePort(worker);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new Door(server, port, url);
  }

  /** Where browsers find it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Leads to another server from now on. */
  leadTo(url: string): void {
    this.to = Number(new URL(url).port);
  }

  /** Shuts it. */
  shut(): void {
    this.server.close();
    this.ways.forEach((way) => way.destroy());
  }

  private pass(visitor: Socket): void {
    const server = connect(this.to, '127.0.0.1');
    for (const [one, other] of [[visitor, server], [server, visitor]]) {
      this.ways.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.ways.delete(one);
        other.destroy();
      });
    }
  }
}
