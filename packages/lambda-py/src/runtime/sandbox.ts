import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { functionEnvironment, SANDBOX_MARK } from './function-environment';
import type { FunctionConfiguration } from './function-environment';
import type { ProcessEnd } from './function-error';
import type { LogCollector } from './log-stream';
import { watchMemory } from './memory';
import type { MemoryWatch } from './memory';
import { killProcessTree } from './process-tree';
import { removeFolder } from './remove-folder';
import type { RuntimeClient } from './runtime-client';

/** What a sandbox runs, and where. */
export interface SandboxOptions {
  readonly configuration: FunctionConfiguration;
  /** The unpacked artifact. */
  readonly taskRoot: string;
  /** The folders of modules of the unpacked layers, the one that lies on top first. */
  readonly layerRoots: readonly string[];
  readonly runtimeClient: RuntimeClient;
  /** Host and port of the Runtime API. */
  readonly runtimeApi: string;
  readonly logs: LogCollector;
}

// After its processes are killed, a pipe that is still open is held by a process that cannot be found.
const DRAIN_LIMIT_MS = 500;

/** One process of the runtime client, with all that the function starts: Lambda's execution environment. */
export class Sandbox {
  /** When the process was started, as `performance.now()`. */
  readonly startedAt: number;
  /** Settles when the process has ended; its children may live on. Rejects when it could not be started. */
  readonly ended: Promise<ProcessEnd>;
  private readonly closed: Promise<void>;
  private readonly memory: MemoryWatch | undefined;
  private killedForMemory = false;
  private stopping: Promise<number> | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly mark: string,
    private readonly temporary: string,
    memoryMb: number,
    logs: LogCollector,
  ) {
    this.startedAt = performance.now();
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    });
    this.closed = new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
      child.once('error', () => {
        resolve();
      });
    });
    // Whoever awaits it gets the error; nobody need.
    this.ended.catch(() => undefined);
    if (child.stdout !== null) logs.follow(child.stdout, 'stdout');
    if (child.stderr !== null) logs.follow(child.stderr, 'stderr');
    this.memory =
      child.pid === undefined
        ? undefined
        : watchMemory(child.pid, {
            limitMb: memoryMb,
            // As the kernel would: at once, and the runtime client with all that it started.
            onExceeded: () => {
              this.killedForMemory = true;
              this.kill();
            },
          });
    process.once('exit', this.remove);
  }

  /**
   * Starts the runtime client in a process group of its own.
   *
   * @param options - see {@link SandboxOptions}
   * @returns the sandbox, which {@link Sandbox.stop} must end
   * @throws {@link LambdaPyError} when the function's environment is not allowed
   */
  static start(options: SandboxOptions): Sandbox {
    const { configuration, taskRoot, runtimeClient, runtimeApi, logs } =
      options;
    const temporary = mkdtempSync(join(tmpdir(), 'lambda-py-'));
    try {
      const environment = functionEnvironment(
        configuration,
        {
          taskRoot,
          layerRoots: options.layerRoots,
          runtimeClient: runtimeClient.folder,
          temporary,
          runtimeApi,
        },
        process.env,
      );
      const child = spawn(
        runtimeClient.python,
        // No bytecode is written: Lambda's /var/task cannot be written to.
        ['-B', '-m', 'awslambdaric', configuration.handler],
        {
          cwd: taskRoot,
          env: environment,
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      return new Sandbox(
        child,
        `${SANDBOX_MARK}=${environment[SANDBOX_MARK]}`,
        temporary,
        configuration.memoryMb,
        logs,
      );
    } catch (error) {
      removeFolder(temporary);
      throw error;
    }
  }

  /**
   * Looks at the sandbox's memory; one that needed more than it has is killed.
   *
   * @returns the most memory that it has needed so far, in MB
   */
  lookAtMemory(): Promise<number> {
    return this.memory?.look() ?? Promise.resolve(0);
  }

  /** True where the sandbox was killed for its memory. */
  get isOutOfMemory(): boolean {
    return this.killedForMemory;
  }

  /**
   * Kills all processes of the sandbox, takes the last of their logs, and removes its temporary files.
   *
   * @returns the most memory that it has needed, in MB
   */
  stop(): Promise<number> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<number> {
    const peak = (await this.memory?.stop()) ?? 0;
    this.kill();
    await Promise.race([
      this.closed,
      delay(DRAIN_LIMIT_MS, undefined, { ref: false }),
    ]);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    removeFolder(this.temporary);
    process.off('exit', this.remove);
    return peak;
  }

  private kill(): void {
    if (this.child.pid !== undefined)
      killProcessTree(this.child.pid, this.mark);
  }

  private readonly remove = (): void => {
    this.kill();
    removeFolder(this.temporary);
  };
}
