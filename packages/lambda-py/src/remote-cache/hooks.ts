import { warnDuringGraphCreation } from '../graph/nx-internal';
import type * as guarding from './guard';

const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER';

/** The environment variable that says how long a remote cache may let Nx wait, in seconds; 0 leaves it to Nx. */
export const TIMEOUT = 'LAMBDA_PY_REMOTE_CACHE_TIMEOUT';

const DEFAULT_TIMEOUT_S = 5;
// A large artifact over a slow line; a server that drips is given up after it.
const WHOLE_ANSWER_FACTOR = 12;

let running:
  | {
      readonly server: URL;
      readonly seconds: number;
      readonly guard: guarding.Guard;
    }
  | undefined;

/**
 * Before tasks run: puts a guard between Nx and the remote cache that the environment names, if any.
 *
 * Nx takes over what a hook changes in its environment, which may be that of the next run as well.
 */
export async function preTasksExecution(): Promise<void> {
  const isOurs = running?.guard.url === process.env[SERVER];
  const server = isOurs ? running?.server : serverOf(process.env);
  const seconds = Number(process.env[TIMEOUT] ?? DEFAULT_TIMEOUT_S);
  if (server === undefined || !(seconds > 0)) return;
  if (running?.server.href !== server.href || running.seconds !== seconds) {
    running?.guard.close();
    running = {
      server,
      seconds,
      guard: await guards().startGuard(server, {
        idleMs: seconds * 1000,
        wholeMs: seconds * 1000 * WHOLE_ANSWER_FACTOR,
      }),
    };
  }
  running.guard.reset();
  process.env[SERVER] = running.guard.url;
}

/**
 * After tasks ran: tells of a remote cache that was of no use. That there is such a hook keeps the plugin's process, and so
 * the guard, until then.
 */
export function postTasksExecution(): void {
  const trouble = running?.guard.trouble();
  if (trouble !== undefined) {
    warnDuringGraphCreation(
      `lambda-py: the remote cache of ${SERVER} was not used to the end: ${trouble}`,
    );
  }
}

/**
 * The remote cache that can be guarded.
 *
 * @param env - the environment
 * @returns its address; none where there is no remote cache, or one behind a proxy, which Nx knows how to reach
 */
export function serverOf(env: NodeJS.ProcessEnv): URL | undefined {
  const text = env[SERVER] ?? '';
  if (!URL.canParse(text)) return undefined;
  const proxies = ['http_proxy', 'https_proxy', 'all_proxy'];
  const isProxied = [...proxies, ...proxies.map((name) => name.toUpperCase())]
    .map((name) => env[name] ?? '')
    .some((proxy) => proxy !== '');
  const server = new URL(text);
  return /^https?:$/.test(server.protocol) && !isProxied ? server : undefined;
}

/** Loaded only where there is a remote cache: every command of Nx loads this module. */
function guards(): typeof guarding {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./guard') as typeof guarding;
}
