import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PYTHON_COMPILER_SCRIPT } from './python-compiler-script';

/** A source to work on. */
export interface Source {
  /** The path that tracebacks show. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What the interpreter made of a source. */
export interface Result {
  /** Whether {@link content} is the result, and not the reason why there is none. */
  readonly isDone: boolean;
  readonly content: Buffer;
}

/** A running interpreter, which works on one batch of sources after the other. */
export interface PythonInterpreter {
  /** The bytes of the sources that it has yet to work on. */
  readonly load: () => number;
  /**
   * Works on sources; the results are in their order.
   *
   * @param kind - what is done: see {@link PYTHON_COMPILER_SCRIPT}
   * @param folder - gives the absolute path of a folder, where they are exchanged if they are large
   */
  readonly work: (
    kind: 'compile' | 'names',
    folder: () => string,
    sources: readonly Source[],
  ) => Promise<readonly Result[]>;
  /** Ends it when it has done what it was asked; nothing may be asked any more. `onEnd` is not called then. */
  readonly end: () => void;
}

/** Of all interpreters: some may share a folder. */
let batches = 0;

/**
 * Up to this size, sources and results go through pipes: the files would take longer than the work. What is larger would
 * not fit into a pipe, 64 KiB, so that the interpreter would wait for this process to be done with something else.
 */
const LARGEST_INLINE_BYTES = 16 * 1024;

/**
 * Starts an interpreter. It ends with this process, and keeps it from ending only while somebody waits for an answer.
 *
 * @param executable - its absolute path
 * @param onEnd - called when it has ended, or could not be started; what is asked of it later fails
 * @returns the interpreter
 */
export function startInterpreter(
  executable: string,
  onEnd: () => void,
): PythonInterpreter {
  // Isolated: no setting, no site-packages and no module of the current folder reaches the compiler.
  const child = spawn(
    executable,
    ['-I', '-S', '-W', 'ignore', '-c', PYTHON_COMPILER_SCRIPT],
    { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true },
  );
  child.unref();
  let isEnded = false;
  const ask = questionsOf(child, () => {
    if (!isEnded) onEnd();
  });
  let load = 0;
  return {
    load: () => load,
    end: () => {
      isEnded = true;
      child.stdin.end();
    },
    work: async (kind, folder, sources) => {
      const bytes = sourceBytes(sources);
      load += bytes;
      try {
        return parseResults(
          bytes <= LARGEST_INLINE_BYTES
            ? await askInline(ask, kind, sources)
            : await askInFiles(ask, kind, sources, folder()),
        );
      } finally {
        load -= bytes;
      }
    },
  };
}

/** Asks for something, and gives what is answered. */
type Ask = (question: string) => Promise<string>;

async function askInline(
  ask: Ask,
  kind: string,
  sources: readonly Source[],
): Promise<Buffer> {
  const answer = await ask(
    `${kind} inline ${formatBatch(sources).toString('hex')}`,
  );
  return Buffer.from(answer, 'hex');
}

async function askInFiles(
  ask: Ask,
  kind: string,
  sources: readonly Source[],
  folder: string,
): Promise<Buffer> {
  const batch = join(folder, `python-${batches}`);
  batches += 1;
  writeFileSync(`${batch}.in`, formatBatch(sources));
  await ask(`${kind} files ${batch}`);
  const results = readFileSync(`${batch}.out`);
  for (const end of ['in', 'out']) rmSync(`${batch}.${end}`);
  return results;
}

/**
 * How much there is to work on.
 *
 * @param sources - the sources
 * @returns the bytes of all of them
 */
export function sourceBytes(sources: readonly Source[]): number {
  return sources.reduce((sum, { content }) => sum + content.length, 0);
}

/** What every answer starts with that tells of no failure. */
const ANSWERED = '= ';

interface Waiting {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** Sends a line and waits for the child's: each question gets the answer to its own. All are rejected once it has ended. */
function questionsOf(child: ChildProcess, onEnd: () => void): Ask {
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
    const content = answer.slice(ANSWERED.length);
    if (answer.startsWith(ANSWERED)) first?.resolve(content);
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
