// Ports for servers, below those that the kernel gives to outgoing connections: a browser that retries
// a dead server's port can then never be given that port for its own end, and meet itself.

import { createServer } from 'node:net';

/** The first worker's first port. */
const FIRST = 20_000;
/** How many ports a worker has before it starts over. */
const PER_WORKER = 1_000;

let used = process.pid % PER_WORKER;

/** A port on which nobody listens. */
export async function freePort(worker: number): Promise<number> {
  for (let tries = 0; tries < PER_WORKER; tries++) {
    const port = FIRST + (worker % 10) * PER_WORKER + (used++ % PER_WORKER);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
