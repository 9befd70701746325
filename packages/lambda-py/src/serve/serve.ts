import { LambdaPyError, messageOf } from '../workspace/errors';
import { formatAccess } from './access-line';
import { EnvironmentPool } from './environment-pool';
import type { StartEnvironment } from './environment-pool';
import { ExecutionEnvironment } from './execution-environment';
import { startFront } from './front';
import type { Gateway } from './gateway';
import { shareStream } from './line-log';
import { keepVersion, openVersion, packVersion } from './served-version';
import type { ServedFunction, ServedVersion } from './served-version';
import { watchFolders } from './watch-folders';

/** What is served, where, and who is told. */
export interface ServeOptions {
  readonly served: ServedFunction;
  /** The zip that is served first: an absolute path. */
  readonly artifact: string;
  readonly gateway: Gateway;
  /** 0 for a free one. */
  readonly port: number;
  /** How many requests run at the same time. */
  readonly concurrency: number;
  /** Whether a change of the sources is served. */
  readonly watch: boolean;
  /** Whether access lines are JSON. */
  readonly json: boolean;
  /** Takes the function's logs. */
  readonly onLog: (text: string) => void;
  /** Takes a line for each request. */
  readonly onAccess: (line: string) => void;
  /** Told of what happens. */
  readonly onNote: (message: string) => void;
  /** Told of what fails; what was served before goes on. */
  readonly onError: (message: string) => void;
}

/** A function that is served. */
export interface RunningServer {
  readonly port: number;
  /** Stops the server, and ends all that it started. */
  close(): Promise<void>;
}

// Far less than it takes the cache to let go of an artifact.
const KEEP_MS = 5 * 60_000;

/**
 * Serves a packed function over HTTP, and each change of what it is made of.
 *
 * @param options - see {@link ServeOptions}
 * @returns the server, which {@link RunningServer.close} must end
 * @throws {@link LambdaPyError} when the artifact cannot be run, or the port is taken
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { served, gateway, onLog, onError } = options;
  const makeSink = shareStream(onLog);
  let version = await openVersion(served, options.artifact);
  const startOf =
    ({ prepared }: ServedVersion): StartEnvironment =>
    () =>
      ExecutionEnvironment.start(prepared, makeSink());
  const pool = new EnvironmentPool(startOf(version), options.concurrency);
  const keeping = setInterval(() => {
    keepVersion(version);
  }, KEEP_MS);
  keeping.unref();
  const closers: (() => Promise<void>)[] = [() => pool.close()];
  const close = async (): Promise<void> => {
    clearInterval(keeping);
    await Promise.all(closers.splice(0).map((one) => one()));
  };
  try {
    const front = await startFront({
      gateway,
      port: options.port,
      invoke: (event) => pool.invoke(event),
      onAccess: (access) => {
        options.onAccess(formatAccess(access, options.json));
      },
      onError: (error) => {
        onError(explain(error));
      },
    });
    closers.push(() => front.close());
    if (options.watch) {
      closers.push(
        await followChanges(options, version, async (next) => {
          version = next;
          await pool.replace(startOf(next));
        }),
      );
    }
    return { port: front.port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Packs what changed, one change after the other, and hands on each version that is another one. */
async function followChanges(
  { served, onNote, onError }: ServeOptions,
  first: ServedVersion,
  replace: (version: ServedVersion) => Promise<void>,
): Promise<() => Promise<void>> {
  let version = first;
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  let pending = new Set<string>();
  // What has changed since a version was packed: a layer is packed once for all of it.
  const unpacked = new Set<string>();
  let isBroken = false;
  let reloading: Promise<void> | undefined;
  const reload = async (): Promise<void> => {
    while (pending.size > 0 && !isClosed()) {
      const paths = pending;
      pending = new Set();
      const startedAt = performance.now();
      try {
        for (const folder of version.folders)
          if (isTouched(folder, paths)) unpacked.add(folder);
        const next = await packVersion(served, unpacked);
        unpacked.clear();
        if (isClosed()) return;
        watcher.follow(next.folders);
        if (next.identity !== version.identity) {
          version = next;
          await replace(next);
          const milliseconds = Math.round(performance.now() - startedAt);
          onNote(`reloaded in ${milliseconds} ms: ${list(paths)} changed`);
        } else if (isBroken) onNote('what is served is up to date again');
        isBroken = false;
      } catch (error) {
        isBroken = true;
        onError(
          `${explain(error)}\nthe version before is still served; it is packed again at the next change`,
        );
      }
    }
  };
  const watcher = await watchFolders(
    served.workspaceRoot,
    version.folders,
    served.envFile === undefined ? [] : [served.envFile],
    (paths) => {
      for (const path of paths) pending.add(path);
      reloading ??= reload().finally(() => {
        reloading = undefined;
      });
    },
  );
  return async () => {
    closing.abort();
    await watcher.close();
  };
}

function isTouched(folder: string, paths: ReadonlySet<string>): boolean {
  return (
    folder === '.' || [...paths].some((path) => path.startsWith(`${folder}/`))
  );
}

function list(paths: ReadonlySet<string>): string {
  const [first = '', ...others] = [...paths];
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function explain(error: unknown): string {
  return error instanceof LambdaPyError || !(error instanceof Error)
    ? messageOf(error)
    : (error.stack ?? error.message);
}
