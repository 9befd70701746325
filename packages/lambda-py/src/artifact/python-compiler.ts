import { startByteBudget } from './byte-budget';
import { startInterpreterPool } from './interpreter-pool';
import { sourceBytes } from './python-interpreter';
import type { Source } from './python-interpreter';

/** What became of a source: a finished pyc, or why there is none. */
export type CompiledSource<Finished> =
  { readonly pyc: Finished } | { readonly reason: string };

/** What a module defines at its own level; or why its source is not valid for the interpreter. */
export type ModuleNames =
  | {
      /** Sorted. */
      readonly names: readonly string[];
      /** Whether there may be more than can be read off the source. */
      readonly open: boolean;
    }
  | { readonly reason: string };

/** What compiles for an interpreter: one process of it, or several where there is much to do. */
export interface PythonCompiler {
  /**
   * Compiles sources; the results are in their order.
   *
   * @param folder - gives the absolute path of a folder, where many are exchanged
   * @param sources - the sources, which are taken one by one
   * @param finish - is given each pyc as the interpreter writes it, while others are still compiled
   */
  readonly compile: <Finished>(
    folder: () => string,
    sources: Iterable<Source>,
    finish: (pyc: Buffer) => Finished,
  ) => Promise<readonly CompiledSource<Finished>[]>;
  /**
   * Reads which names a module defines, without running it.
   *
   * @param folder - gives the absolute path of a folder, where a large one is exchanged
   */
  readonly namesOf: (
    folder: () => string,
    content: Uint8Array,
  ) => Promise<ModuleNames>;
}

const running = new Map<string, PythonCompiler>();

/**
 * The compiler of an interpreter. All packs of this process share it: its first process is started at once, and another
 * one when more is waiting than is worth its start.
 *
 * @param executable - the interpreter
 * @returns its compiler
 */
export function pythonCompiler(executable: string): PythonCompiler {
  const known = running.get(executable);
  if (known !== undefined) return known;
  const compiler = startCompiler(executable, () => {
    // Another process of it may have ended before, and a new compiler be there already.
    if (running.get(executable) === compiler) running.delete(executable);
  });
  running.set(executable, compiler);
  return compiler;
}

/** What one process works on at a time: less would leave the others idle at the end, more costs nothing but files. */
const SHARE_BYTES = 512 * 1024;

/** What may wait for a process: enough for it to work on while the next share is read, and not all sources at once. */
const MOST_SHARES = 2;

function startCompiler(executable: string, onEnd: () => void): PythonCompiler {
  const pool = startInterpreterPool(executable, onEnd);
  const waitingBytes = startByteBudget(pool.most * MOST_SHARES * SHARE_BYTES);
  let compiling = 0;
  // Those that asked first are read first, to the end: somebody waits for them.
  let reading = Promise.resolve();
  return {
    compile: async <Finished>(
      folder: () => string,
      sources: Iterable<Source>,
      finish: (pyc: Buffer) => Finished,
    ) => {
      const work = async (
        share: readonly Source[],
        bytes: number,
      ): Promise<CompiledSource<Finished>[]> => {
        try {
          return (await pool.work('compile', folder, share)).map(
            ({ isDone, content }) =>
              isDone
                ? { pyc: finish(content) }
                : { reason: content.toString() },
          );
        } finally {
          waitingBytes.give(bytes);
        }
      };
      const results: Promise<CompiledSource<Finished>[]>[] = [];
      const readAll = async (): Promise<void> => {
        for (const share of sharesOf(sources)) {
          const bytes = sourceBytes(share);
          await waitingBytes.take(bytes);
          const result = work(share, bytes);
          // It may fail before it is waited for.
          result.catch(() => undefined);
          results.push(result);
        }
      };
      compiling += 1;
      try {
        const read = reading.then(readAll);
        // Whoever asks next does not fail with this one.
        reading = read.catch(() => undefined);
        await read;
        return (await Promise.all(results)).flat();
      } finally {
        compiling -= 1;
        if (compiling === 0) pool.rest();
      }
    },
    namesOf: async (folder, content) => {
      const [result] = await pool.work('names', folder, [
        { path: '', content },
      ]);
      if (result === undefined) throw new Error('no names of a module');
      const text = result.content.toString();
      if (!result.isDone) return { reason: text };
      const names = text === '' ? [] : text.split('\n');
      return {
        names: names.filter((name) => name !== '*'),
        open: names.includes('*'),
      };
    },
  };
}

/** Sources in their order, cut where a share is full; one share at least, so that a compiler which cannot run is noticed. */
function* sharesOf(
  sources: Iterable<Source>,
): Generator<readonly Source[], void> {
  let share: Source[] = [];
  let bytes = 0;
  for (const source of sources) {
    if (bytes >= SHARE_BYTES) {
      yield share;
      share = [];
      bytes = 0;
    }
    share.push(source);
    bytes += source.content.length;
  }
  yield share;
}
