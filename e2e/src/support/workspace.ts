import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { nxEnvironment } from './environment';
import { NX_VERSION, writeInstalledWorkspace } from './installation';

/** How a command ended. */
export interface Outcome {
  readonly exitCode: number;
  /** Both streams, stdout first. */
  readonly output: string;
  readonly stdout: string;
}

/** What differs from workspace to workspace. */
export interface WorkspaceOptions {
  /** The version of Nx. */
  readonly nxVersion?: string;
  /** False where plugins share Nx's process: for specs of many short commands that are about something else than Nx. */
  readonly isIsolated?: boolean;
}

/** A user's workspace, outside of this repository. */
export class Workspace {
  private constructor(
    readonly root: string,
    private readonly isIsolated: boolean,
  ) {}

  /**
   * Makes a workspace with the packed plugin, as `npm install` leaves it, with a first commit.
   *
   * @param name - the folder's name; spaces are welcome
   * @param options - what differs from a user's with the Nx that the plugin is made with
   */
  static create(
    name: string,
    { nxVersion = NX_VERSION, isIsolated = true }: WorkspaceOptions = {},
  ): Workspace {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-e2e-')));
    const workspace = new Workspace(join(parent, name), isIsolated);
    writeInstalledWorkspace(workspace.root, nxVersion);
    workspace.expect('git', ['init', '--quiet', '--initial-branch=main']);
    // Nx shares its cache among workspaces of the same first commit: no two of one second may have the same.
    workspace.commit(`new in ${basename(parent)}`);
    return workspace;
  }

  /** Runs a command in the workspace; the caller judges how it ended. */
  run(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Outcome {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...nxEnvironment(this.isIsolated), ...env },
    });
    if (error !== undefined) throw error;
    return { exitCode: status ?? -1, stdout, output: `${stdout}${stderr}` };
  }

  /** Runs a command that must succeed, and returns what it printed. */
  expect(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): string {
    const { exitCode, output } = this.run(command, args, env);
    if (exitCode !== 0) {
      throw new Error(
        `${command} ${args.join(' ')} ended with ${exitCode}:\n${output}`,
      );
    }
    return output;
  }

  /** Runs Nx; the caller judges how it ended. */
  tryNx(args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
    return this.run(join(this.root, 'node_modules', '.bin', 'nx'), args, env);
  }

  /** Runs Nx, which must succeed, and returns what it printed. */
  nx(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    return this.expect(
      join(this.root, 'node_modules', '.bin', 'nx'),
      args,
      env,
    );
  }

  /** Starts Nx, and does not wait for its end. */
  startNx(
    args: readonly string[],
    options: Pick<SpawnOptions, 'stdio' | 'detached'> = { stdio: 'ignore' },
  ): ChildProcess {
    return spawn(join(this.root, 'node_modules', '.bin', 'nx'), args, {
      ...options,
      cwd: this.root,
      env: nxEnvironment(this.isIsolated),
    });
  }

  /** Runs the uv of the workspace's environment, which must succeed. */
  uv(args: readonly string[]): string {
    return this.expect(join(this.root, '.venv', 'bin', 'uv'), args);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), content);
  }

  /** Replaces a text that the file must have. */
  replace(file: string, from: string, to: string): void {
    const content = this.read(file);
    if (!content.includes(from)) {
      throw new Error(`${file} has no ${JSON.stringify(from)}:\n${content}`);
    }
    this.write(file, content.replace(from, to));
  }

  commit(message: string): void {
    this.expect('git', ['add', '--all']);
    this.expect('git', [
      ...['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.invalid'],
      ...['commit', '--quiet', '--allow-empty', `--message=${message}`],
    ]);
  }

  /** What git sees as changed or new, a line each; empty where nothing changed. */
  changes(): string {
    return this.run('git', ['status', '--short']).stdout;
  }

  /** The last commit. */
  head(): string {
    return this.run('git', ['rev-parse', 'HEAD']).stdout.trim();
  }

  /** Takes back every change since a commit, the last one or an earlier one, new files included. */
  restore(commit = 'HEAD'): void {
    this.expect('git', ['reset', '--quiet', '--hard', commit]);
    this.expect('git', ['clean', '--quiet', '-d', '--force']);
    // Nx takes a file of the same time, in whole seconds, for the same; a test edits and restores faster than that.
    rmSync(join(this.root, '.nx', 'workspace-data', 'nx_files.nxt'), {
      force: true,
    });
  }

  remove(): void {
    rmSync(dirname(this.root), { recursive: true, force: true });
  }
}
