import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server of this folder in a process of its own: tests wait for their commands, and could not answer meanwhile. */
export class ServerProcess {
  /** What it printed after its address, a line each. */
  readonly lines: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    /** For instance `http://127.0.0.1:40123`. */
    readonly url: string,
  ) {}

  /**
   * Starts a server, and waits until it listens.
   *
   * @param script - the name of the script, which prints its address first
   * @param args - its arguments
   * @returns the server
   */
  static async start(
    script: string,
    ...args: readonly string[]
  ): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(__dirname, script), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = createInterface({ input: child.stdout });
    const [url] = (await once(output, 'line')) as [string];
    const server = new ServerProcess(child, url);
    output.on('line', (line) => server.lines.push(line));
    return server;
  }

  /** The lines since the last call; a test that has just waited for a command lets the event loop read them first. */
  async takeLines(): Promise<string[]> {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return this.lines.splice(0);
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
