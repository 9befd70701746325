import { invokeInOneEnvironment } from './invoke';
import type { Invocation, InvocationOptions, PreparedFunction } from './invoke';
import { summarise } from './statistics';
import type { CountedInvocation, Statistics } from './statistics';

/** How often a function is invoked. */
export interface SeriesOptions extends InvocationOptions {
  /** How many fresh execution environments are started, one after the other. */
  readonly coldStarts: number;
  /** How often each of them is invoked. */
  readonly repeat: number;
}

/** What a series came to. */
export interface Series {
  /** The first invocation that failed; where none did, the first. */
  readonly shown: Invocation;
  readonly statistics: Statistics;
}

/**
 * Invokes a packed function on one event many times, one after the other. An environment that an invocation has ended, by
 * a timeout or an exit, is followed by a fresh one, as in Lambda.
 *
 * The logs of the first environment's first invocation go to the sink, those of others to nobody.
 *
 * @param prepared - the function
 * @param options - see {@link SeriesOptions}
 * @returns the series
 * @throws the signal's reason when it is aborted
 */
export async function invokeSeries(
  prepared: PreparedFunction,
  options: SeriesOptions,
): Promise<Series> {
  const { coldStarts, repeat, onLog } = options;
  const counted: CountedInvocation[] = [];
  let shown: Invocation | undefined;
  let isShown = true;
  const sink: typeof onLog = (text, source) => {
    if (!isShown) return;
    onLog?.(text, source);
    if (source === 'platform' && text.includes('REPORT RequestId: ')) {
      isShown = false;
    }
  };
  for (let environment = 0; environment < coldStarts; environment += 1) {
    for (let left = repeat; left > 0;) {
      const invocations = await invokeInOneEnvironment(
        prepared,
        { ...options, onLog: sink },
        left,
      );
      for (const [index, invocation] of invocations.entries()) {
        counted.push(countedOf(invocation, index === 0));
        if (shown === undefined || fails(invocation, shown)) shown = invocation;
      }
      left -= invocations.length;
      // An initialisation that fails once fails each time.
      const [first] = invocations;
      if (first?.initDurationMs === undefined && first?.error !== undefined) {
        left = 0;
      }
    }
  }
  if (shown === undefined)
    throw new Error('a series has one invocation at least');
  return { shown, statistics: summarise(counted) };
}

function fails(invocation: Invocation, shown: Invocation): boolean {
  return invocation.error !== undefined && shown.error === undefined;
}

/** Without response and logs, which may be large. */
function countedOf(
  invocation: Invocation,
  isFirst: boolean,
): CountedInvocation {
  const { requestId, initDurationMs, durationMs, error } = invocation;
  return {
    requestId,
    ...(initDurationMs === undefined ? {} : { initDurationMs }),
    durationMs,
    billedDurationMs: invocation.billedDurationMs,
    memoryMb: invocation.memoryMb,
    maxMemoryUsedMb: invocation.maxMemoryUsedMb,
    ...(error === undefined ? {} : { error: { errorType: error.errorType } }),
    isFirst,
  };
}
