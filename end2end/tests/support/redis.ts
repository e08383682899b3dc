// A real Redis of a test's own, on a socket in the test's folder.

import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Process, until } from './process';

export class Redis {
  /** Everything it has said. */
  log = '';
  private process?: Process;

  constructor(private readonly folder: string) {}

  /** Where servers find it. */
  get url(): string {
    return `unix://${this.socket}`;
  }

  /** Starts it on the files that it left, if any, and waits until it answers. */
  async start(): Promise<void> {
    const files = ['--dir', this.folder, '--appendonly', 'yes', '--appendfsync', 'always'];
    const place = ['--port', '0', '--unixsocket', this.socket, '--save', ''];
    const redis = new Process('redis-server', [...place, ...files]);
    this.process = redis;
    await until('redis-server', redis, () => this.answers());
  }

  /** Kills it (SIGKILL), as a crash would. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
    this.log += this.process?.log ?? '';
    this.process = undefined;
  }

  /** Lets it hang: it keeps its connections and answers nothing. */
  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  /** Lets it take no writes, as if its memory were full, or lets it take them again. */
  async fill(isFull: boolean): Promise<void> {
    const answer = await this.ask(`CONFIG SET maxmemory ${isFull ? 1 : 0}`);
    if (!answer.startsWith('+OK')) throw new Error(`redis-server: ${answer}`);
  }

  private get socket(): string {
    return join(this.folder, 'redis.sock');
  }

  private async answers(): Promise<boolean> {
    return (await this.ask('PING')).startsWith('+PONG');
  }

  /** The beginning of its answer to a command; empty where nobody answers. */
  private ask(command: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = createConnection(this.socket);
      socket.on('error', () => resolve(''));
      socket.on('connect', () => socket.write(`${command}\r\n`));
      socket.on('data', (answer) => {
        socket.destroy();
        resolve(answer.toString());
      });
    });
  }
}
