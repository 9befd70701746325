import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ENGINE = join(__dirname, '../../../benchmarks/pack/engine.mjs');

/** How the engine is run. */
export interface EngineOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A Node.js other than this one. */
  readonly node?: string;
  /** A command that runs the rest of its arguments: `taskset -c 0`. */
  readonly wrapper?: readonly string[];
  readonly umask?: number;
}

/** Packs services/orders without Nx, and returns the digests of zip, manifest and bill of materials. */
export function packOrders(options: EngineOptions): readonly string[] {
  const [command = '', ...args] = engineCommand(options);
  const before = process.umask(options.umask ?? 0o022);
  try {
    const { status, stderr, error } = spawnSync(command, args, {
      cwd: options.root,
      encoding: 'utf8',
      env: { ...process.env, ...options.env },
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(stderr);
  } finally {
    process.umask(before);
  }
  return digestsOf(options.root);
}

/** Starts to pack services/orders, and kills it after some time. */
export async function killWhilePacking(
  options: EngineOptions,
  afterMs: number,
): Promise<'killed' | 'finished'> {
  const [command = '', ...args] = engineCommand(options);
  const child = spawn(command, args, { cwd: options.root, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => {
      resolve(signal);
    });
  });
  await delay(afterMs);
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL' ? 'killed' : 'finished';
}

/** Removes what packing keeps, but not an installation of uv. */
export function forgetPacks(root: string): void {
  for (const name of [
    ...['archives', 'segments', 'closures'],
    ...['sboms', 'interpreters'],
  ]) {
    rmSync(join(root, '.nx/lambda-py', name), { recursive: true, force: true });
  }
}

/** The digests of what packing services/orders wrote. */
export function digestsOf(root: string): readonly string[] {
  return ['zip', 'manifest.json', 'sbom.json'].map((extension) =>
    createHash('sha256')
      .update(
        readFileSync(join(root, `dist/services/orders/orders.${extension}`)),
      )
      .digest('hex'),
  );
}

/** The command that packs services/orders without Nx. */
export function engineCommand({
  root,
  node = process.execPath,
  wrapper = [],
}: EngineOptions): readonly string[] {
  return [
    ...wrapper,
    node,
    ENGINE,
    join(root, 'node_modules/lambda-py'),
    root,
    'services/orders',
  ];
}
