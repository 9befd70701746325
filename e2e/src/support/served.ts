import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workspace } from './workspace';

const PATIENCE_MS = 60_000;

/** A service that `nx run …:serve` serves, as from a terminal: in a process group of its own. */
export class Served {
  private text = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk: string) => {
        this.text += chunk;
      });
    }
  }

  /** Starts it, and waits until it serves. */
  static async start(
    workspace: Workspace,
    project: string,
    ...args: readonly string[]
  ): Promise<Served> {
    const served = new Served(
      workspace.startNx(['run', `${project}:serve`, '--port=0', ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      }),
    );
    await served.seen(/serving \S+ at http/);
    return served;
  }

  /** All that it printed. */
  get output(): string {
    return this.text;
  }

  get url(): string {
    const url = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(this.text)?.[1];
    if (url === undefined) throw new Error(`it does not serve:\n${this.text}`);
    return url;
  }

  /** Waits until it has printed something, from now on or before. */
  async seen(pattern: RegExp, from = 0): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!pattern.test(this.text.slice(from))) {
      if (this.child.exitCode !== null || Date.now() > end) {
        throw new Error(`it never printed ${String(pattern)}:\n${this.text}`);
      }
      await delay(50);
    }
  }

  /** Presses Ctrl-C: every process of the group gets the signal. Returns how many ms it took to end. */
  async interrupt(): Promise<number> {
    const startedAt = performance.now();
    if (this.child.exitCode === null && this.child.pid !== undefined) {
      const exit = once(this.child, 'exit');
      process.kill(-this.child.pid, 'SIGINT');
      await exit;
    }
    return performance.now() - startedAt;
  }
}

/** The processes whose current folder is below this one: those that something has left behind. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(join('/proc', pid, 'cwd')).startsWith(folder);
      } catch {
        // It has ended, or it is another user's.
        return false;
      }
    })
    .map(Number);
}
