import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The cached targets, in the order in which they are listed everywhere. */
export const TARGETS = ['lint', 'typecheck', 'test', 'pack'] as const;

/** The name of a cached target. */
export type Target = (typeof TARGETS)[number];

/** What Nx would do in a workspace as it is now. */
export interface Inspection {
  /** What `nx show projects --affected --base=HEAD` names, sorted. */
  readonly affected: readonly string[];
  /** The hash of every task, by `project:target`: the key of the cache. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Nx's own code in a process of its own, which answers many questions on one workspace, 0.1 s each. */
export class NxProbe {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private errors = '';

  /**
   * Starts the process.
   *
   * @param root - the workspace's root: an absolute path
   * @param env - what differs from this process's environment
   */
  constructor(root: string, env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(
      process.execPath,
      [join(__dirname, 'nx-probe-server.mjs')],
      {
        cwd: root,
        env: { ...environmentOutsideOfJest(), ...env },
      },
    );
    this.child.stderr.on('data', (text: Buffer) => {
      this.errors += text.toString();
    });
    this.answers = createInterface({ input: this.child.stdout })[
      Symbol.asyncIterator
    ]();
  }

  /**
   * Asks for the hash of every task and for the projects that differ from the last commit.
   *
   * @param targets - the targets whose tasks are hashed
   * @param variables - what the environment of the tasks has besides
   * @returns the answer for the workspace as it is now
   */
  inspect(
    targets: readonly string[] = TARGETS,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Inspection> {
    return this.ask<Inspection>({ command: 'inspect', targets, variables });
  }

  /**
   * Does what `nx sync` does.
   *
   * @returns the files that were written
   */
  async sync(): Promise<readonly string[]> {
    const { files } = await this.ask<{ files: string[] }>({ command: 'sync' });
    return files;
  }

  /** Ends the process. */
  close(): void {
    this.child.stdin.end();
  }

  private async ask<Answer extends object>(question: object): Promise<Answer> {
    this.errors = '';
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const next = await this.answers.next();
    if (next.done === true) {
      throw new Error(`the probe ended without an answer:\n${this.errors}`);
    }
    const answer = JSON.parse(next.value) as Answer | { error: string };
    if ('error' in answer) throw new Error(`${answer.error}\n${this.errors}`);
    return answer;
  }
}

/**
 * The tasks of one state that another state has no cache entry of.
 *
 * @param before - the state whose tasks are in the cache
 * @param after - the state that is run now
 * @returns the projects whose task would run, sorted, for each target
 */
export function missesBetween(
  before: Inspection,
  after: Inspection,
): Record<Target, string[]> {
  const misses = { lint: [], typecheck: [], test: [], pack: [] } as Record<
    Target,
    string[]
  >;
  for (const [id, hash] of Object.entries(after.hashes).sort()) {
    const [project = '', target] = id.split(':');
    if (before.hashes[id] !== hash) misses[target as Target].push(project);
  }
  return misses;
}

function environmentOutsideOfJest(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:NX_|JEST_|npm_|INIT_CWD$|CI$|FORCE_COLOR$|NODE_)/.test(name),
    ),
  );
}
