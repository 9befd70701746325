import { availableParallelism } from 'node:os';
import { sourceBytes, startInterpreter } from './python-interpreter';
import type { PythonInterpreter } from './python-interpreter';

/** Processes of one interpreter. */
export interface InterpreterPool {
  /** The most processes that there may be. */
  readonly most: number;
  /** Gives work to the process that has the least to do, or to another one where all have much. */
  readonly work: PythonInterpreter['work'];
  /** Says that there is nothing to do for now: ends what holds much memory. */
  readonly rest: () => void;
}

/** With less waiting for it than this, a process is done before another one has started: 30 ms. */
const SHORT_LOAD_BYTES = 128 * 1024;

/** More than this many would wait for what reads the sources. */
const MOST_PROCESSES = 4;

/**
 * A process that has worked on this much is ended when there is nothing to do: Python keeps most of the memory that it
 * took, 20 to 40 MB. Another one takes 30 ms to start, and to compile so much takes a second.
 */
const WORN_BYTES = 4 * 1024 ** 2;

/**
 * A process that is given a source of this size gets nothing else after it: for numpy's `test_multiarray.py`, of 383 kB,
 * Python takes 30 MB more, and keeps them.
 */
const LONG_SOURCE_BYTES = 256 * 1024;

/**
 * Starts one process of an interpreter.
 *
 * @param executable - its absolute path
 * @param onEnd - called when a process has ended by itself, or could not be started
 * @returns the pool, of which a process is there
 */
export function startInterpreterPool(
  executable: string,
  onEnd: () => void,
): InterpreterPool {
  const most = Math.min(availableParallelism(), MOST_PROCESSES);
  /** What each has worked on, in bytes. */
  const worked = new Map<PythonInterpreter, number>();
  const start = (): PythonInterpreter => {
    const interpreter = startInterpreter(executable, onEnd);
    worked.set(interpreter, 0);
    return interpreter;
  };
  const leastLoaded = (): PythonInterpreter => {
    const [least] = [...worked.keys()].sort(
      (one, other) => one.load() - other.load(),
    );
    return least !== undefined &&
      (least.load() < SHORT_LOAD_BYTES || worked.size >= most)
      ? least
      : start();
  };
  const end = (interpreter: PythonInterpreter): void => {
    worked.delete(interpreter);
    interpreter.end();
  };
  start();
  return {
    most,
    work: (kind, folder, sources) => {
      const interpreter = leastLoaded();
      const earlier = worked.get(interpreter) ?? 0;
      worked.set(interpreter, earlier + sourceBytes(sources));
      const results = interpreter.work(kind, folder, sources);
      if (sources.some(({ content }) => content.length >= LONG_SOURCE_BYTES)) {
        end(interpreter);
      }
      return results;
    },
    rest: () => {
      for (const [interpreter, bytes] of worked) {
        if (bytes >= WORN_BYTES && interpreter.load() === 0) end(interpreter);
      }
    },
  };
}
