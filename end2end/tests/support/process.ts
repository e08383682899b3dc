// A process of a test's own. None outlives its test, whatever happens to the test or its runner.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The environment that every process gets: nothing of the developer's own settings. */
const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'RUST_LOG', 'RUST_BACKTRACE'];

/** Where it is installed, the kernel kills a process whose test runner was killed itself. */
const WRAPPER =
  spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : [];

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program that runs, and what it has said so far. */
export class Process {
  /** Everything it wrote to its outputs. */
  log = '';
  /** Settles when it has ended. */
  readonly ended: Promise<Ending>;
  /** Set when it has ended. */
  ending?: Ending;

  private readonly child: ChildProcess;

  constructor(program: string, args: string[], env: Record<string, string | undefined> = {}, cwd?: string) {
    const [command, ...rest] = [...WRAPPER, program, ...args];
    const kept = Object.fromEntries(KEPT.map((name) => [name, process.env[name]]));
    this.child = spawn(command, rest, {
      env: { ...kept, ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.child);
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.on('data', (text: Buffer) => (this.log += text));
    }
    this.child.on('error', (error) => (this.log += `${error}\n`));
    this.ended = this.waitForEnd();
  }

  /** Sends it a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it by a signal and waits until it is gone. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ended;
  }

  private async waitForEnd(): Promise<Ending> {
    const gone = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    // A program that cannot be started never exits.
    const never = new Promise<Ending>((resolve) =>
      this.child.once('error', () => resolve({ code: 127, signal: null })),
    );
    this.ending = await Promise.race([gone.catch(() => never), never]);
    running.delete(this.child);
    return this.ending;
  }
}

/** Waits for a condition; an error if it does not hold in time, or if the process ends before. */
export async function until(
  what: string,
  process: Process,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await holds().catch(() => false))) {
    if (process.ending || Date.now() > deadline) {
      const why = process.ending ? 'it ended' : `not within ${READY_MS} ms`;
      throw new Error(`${what}: ${why}\n${process.log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** How long a program may take to be ready, on a machine that also builds something. */
const READY_MS = 40_000;
/** The time between two looks at a program that starts. */
const LOOK_EVERY_MS = 20;
