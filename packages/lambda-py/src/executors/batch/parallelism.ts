import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What Nx runs at a time where nobody says otherwise. */
const DEFAULT_PARALLEL = 3;

/**
 * How many tasks may run at a time. Nx tells a batch nothing of it, so it is taken from where Nx takes it: the command
 * line of Nx, which is the parent of a batch's process, then `NX_PARALLEL`, then nx.json.
 *
 * @param configured - `parallel` of nx.json
 * @param commandLine - the arguments of Nx
 * @param fromEnvironment - `NX_PARALLEL`
 * @returns at least 1
 */
export function parallelism(
  configured: number | undefined,
  commandLine: readonly string[] = parentCommandLine(),
  fromEnvironment: string | undefined = process.env['NX_PARALLEL'],
): number {
  const asked = optionOf(commandLine, 'parallel');
  if (asked === 'false') return 1;
  const most =
    optionOf(commandLine, 'maxParallel') ??
    optionOf(commandLine, 'max-parallel');
  const isUnbound = asked === undefined || asked === 'true' || asked === '';
  return (
    concurrency(isUnbound ? most : asked) ??
    concurrency(fromEnvironment) ??
    (isUnbound && configured !== undefined ? Math.max(1, configured) : null) ??
    DEFAULT_PARALLEL
  );
}

/** `--name=value`, `--name value`, `--name` and `--no-name`; the last one counts, as it does for Nx. */
function optionOf(
  commandLine: readonly string[],
  name: string,
): string | undefined {
  let value: string | undefined;
  for (const [index, argument] of commandLine.entries()) {
    if (argument === '--') break;
    if (argument === `--no-${name}`) value = 'false';
    if (argument.startsWith(`--${name}=`)) {
      value = argument.slice(name.length + 3);
    }
    if (argument === `--${name}`) {
      const next = commandLine[index + 1] ?? '';
      value = /^(?:\d+%?|true|false)$/.test(next) ? next : 'true';
    }
  }
  return value;
}

/** A number, or a share of the cores as `50%`. */
function concurrency(value: string | undefined): number | undefined {
  const match = /^(?<amount>\d+)(?<percent>%?)$/.exec(value ?? '')?.groups;
  if (match === undefined) return undefined;
  const amount = Number(match['amount']);
  return Math.max(
    1,
    match['percent'] === '%'
      ? Math.floor((availableParallelism() * amount) / 100)
      : amount,
  );
}

function parentCommandLine(): readonly string[] {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0');
    }
    if (process.platform === 'win32') return [];
    return execFileSync('ps', ['-o', 'args=', '-p', String(process.ppid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
  } catch {
    // Another user's, or a system that does not tell: then the configuration counts.
    return [];
  }
}
