import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PYTHON_COMPILER_SCRIPT } from './python-compiler-script';

/** A source to compile. */
export interface Source {
  /** The path that tracebacks show. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What became of a source: a pyc as the interpreter writes it, or why there is none. */
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

/** A running interpreter that compiles. */
export interface PythonCompiler {
  /**
   * Compiles sources; the results are in their order.
   *
   * @param folder - where they are exchanged: an absolute path
   */
  readonly compile: (
    folder: string,
    sources: readonly Source[],
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
 * The compiler of an interpreter. All packs of this process share it: it is started for the first, ends with the process,
 * and keeps the process from ending only while somebody waits for an answer.
 *
 * @param executable - the interpreter
 * @returns its compiler
 */
export function pythonCompiler(executable: string): PythonCompiler {
  let compiler = running.get(executable);
  if (compiler === undefined) {
    compiler = startCompiler(executable, () => running.delete(executable));
    running.set(executable, compiler);
  }
  return compiler;
}

function startCompiler(executable: string, onEnd: () => void): PythonCompiler {
  // Isolated: no setting, no site-packages and no module of the current folder reaches the compiler.
  const child = spawn(
    executable,
    ['-I', '-S', '-W', 'ignore', '-c', PYTHON_COMPILER_SCRIPT],
    { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true },
  );
  child.unref();
  const ask = questionsOf(child, onEnd);
  let batches = 0;
  const work = async (
    kind: 'compile' | 'names',
    folder: string,
    sources: readonly Source[],
  ): Promise<readonly Result[]> => {
    const batch = join(folder, `python-${batches}`);
    batches += 1;
    writeFileSync(`${batch}.in`, formatBatch(sources));
    await ask(`${kind} ${batch}`);
    const results = parseResults(readFileSync(`${batch}.out`));
    for (const end of ['in', 'out']) rmSync(`${batch}.${end}`);
    return results;
  };
  return {
    compile: async (folder, sources) =>
      (await work('compile', folder, sources)).map(({ isDone, content }) =>
        isDone ? { pyc: content } : { reason: content.toString() },
      ),
    namesOf: async (folder, content) => {
      const [result] = await work('names', folder, [{ path: '', content }]);
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

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Sends a line and waits for the child's: each question gets the answer to its own. All are rejected once it has ended. */
function questionsOf(
  child: ChildProcess,
  onEnd: () => void,
): (question: string) => Promise<void> {
  const [stdin, stdout, stderr] = [child.stdin, child.stdout, child.stderr].map(
    // All three are pipes, which libuv has as sockets.
    (stream) => stream as Socket,
  ) as [Socket, Socket, Socket];
  for (const stream of [stdin, stdout, stderr]) stream.unref();
  const waiting: Waiting[] = [];
  let errors = '';
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    onEnd();
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  const answered = (answer: string): void => {
    const first = waiting.shift();
    if (waiting.length === 0) stdout.unref();
    if (answer === '') first?.resolve();
    else first?.reject(new Error(`the Python compiler failed: ${answer}`));
  };
  let line = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${line}${text}`.split('\n');
    line = lines.pop() ?? '';
    lines.forEach(answered);
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  stdin.on('error', fail);
  child.once('error', fail);
  child.once('close', () => {
    fail(new Error(`the Python compiler ended: ${errors.trim()}`));
  });
  return (question) =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      waiting.push({ resolve, reject });
      stdout.ref();
      stdin.write(`${question}\n`);
    });
}

/** The count of the sources; for each the lengths and bytes of path and content. Numbers are of 32 bits, little-endian. */
function formatBatch(sources: readonly Source[]): Buffer {
  return Buffer.concat([
    uint32(sources.length),
    ...sources.flatMap(({ path, content }) => {
      const name = Buffer.from(path);
      return [uint32(name.length), name, uint32(content.length), content];
    }),
  ]);
}

interface Result {
  readonly isDone: boolean;
  readonly content: Buffer;
}

/** For each source: 0 and the result, or 1 and a reason, each with its length. */
function parseResults(file: Buffer): Result[] {
  const results: Result[] = [];
  for (let at = 0; at < file.length;) {
    const start = at + 5;
    const end = start + file.readUInt32LE(at + 1);
    results.push({
      isDone: file[at] === 0,
      content: file.subarray(start, end),
    });
    at = end;
  }
  return results;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
