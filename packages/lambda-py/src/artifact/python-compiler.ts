import { availableParallelism } from 'node:os';
import { startInterpreter } from './python-interpreter';
import type { PythonInterpreter, Source } from './python-interpreter';

/** What became of a source: a finished pyc, or why there is none. */
export type CompiledSource =
  { readonly pyc: Buffer } | { readonly reason: string };

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
   * @param folder - where they are exchanged: an absolute path
   * @param sources - the sources, which are taken one by one
   * @param finish - is given each pyc as the interpreter writes it, while others are still compiled
   */
  readonly compile: (
    folder: string,
    sources: Iterable<Source>,
    finish: (pyc: Buffer) => Buffer,
  ) => Promise<readonly CompiledSource[]>;
  /**
   * Reads which names a module defines, without running it.
   *
   * @param folder - where it is exchanged: an absolute path
   */
  readonly namesOf: (
    folder: string,
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

/** With less waiting for it than this, a process is done before another one has started: 30 ms. */
const SHORT_LOAD_BYTES = 128 * 1024;

/** More than this many would wait for what reads the sources. */
const MOST_PROCESSES = 4;

function startCompiler(executable: string, onEnd: () => void): PythonCompiler {
  const most = Math.min(availableParallelism(), MOST_PROCESSES);
  const interpreters = [startInterpreter(executable, onEnd)];
  const leastLoaded = (): PythonInterpreter => {
    const least = interpreters.reduce((one, other) =>
      other.load() < one.load() ? other : one,
    );
    if (least.load() < SHORT_LOAD_BYTES || interpreters.length >= most) {
      return least;
    }
    const another = startInterpreter(executable, onEnd);
    interpreters.push(another);
    return another;
  };
  return {
    compile: async (folder, sources, finish) => {
      const work = async (
        share: readonly Source[],
      ): Promise<CompiledSource[]> =>
        (await leastLoaded().work('compile', folder, share)).map(
          ({ isDone, content }) =>
            isDone ? { pyc: finish(content) } : { reason: content.toString() },
        );
      const results: Promise<CompiledSource[]>[] = [];
      for (const share of sharesOf(sources)) results.push(work(share));
      return (await Promise.all(results)).flat();
    },
    namesOf: async (folder, content) => {
      const [result] = await leastLoaded().work('names', folder, [
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
