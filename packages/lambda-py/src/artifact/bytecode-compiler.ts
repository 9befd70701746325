import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BYTECODE_SCRIPT } from './bytecode-script';

/** A source to compile. */
export interface Source {
  /** The path that tracebacks show. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What became of a source: a pyc as the interpreter writes it, or why there is none. */
export type CompiledSource =
  { readonly pyc: Buffer } | { readonly reason: string };

/** A running interpreter that compiles. */
export interface BytecodeCompiler {
  /** Compiles sources; the results are in their order. */
  readonly compile: (
    sources: readonly Source[],
  ) => Promise<readonly CompiledSource[]>;
  /** Ends the interpreter, which may be at work. */
  readonly stop: () => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts an interpreter that compiles.
 *
 * @param executable - the interpreter
 * @param folder - where batches are exchanged: an absolute path
 * @returns the compiler
 */
export function startBytecodeCompiler(
  executable: string,
  folder: string,
): BytecodeCompiler {
  // Isolated: no setting, no site-packages and no module of the current folder reaches the compiler.
  const child = spawn(
    executable,
    ['-I', '-S', '-W', 'ignore', '-c', BYTECODE_SCRIPT],
    { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true },
  );
  const nextAnswer = answersOf(child);
  let batches = 0;
  return {
    compile: async (sources) => {
      const batch = join(folder, String(batches));
      batches += 1;
      writeFileSync(`${batch}.in`, formatBatch(sources));
      const answer = nextAnswer();
      child.stdin.write(`${batch}\n`);
      await answer;
      const results = parseResults(readFileSync(`${batch}.out`));
      for (const end of ['in', 'out']) rmSync(`${batch}.${end}`);
      return results;
    },
    stop: () => {
      child.stdin.end();
      child.kill();
    },
  };
}

/** Waits for the child's next line, each call for one line more; it rejects once the child has ended. */
function answersOf(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
): () => Promise<void> {
  const waiting: Waiting[] = [];
  let errors = '';
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const character of text) {
      if (character === '\n') waiting.shift()?.resolve();
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', fail);
  child.once('error', fail);
  child.once('close', () => {
    fail(new Error(`the bytecode compiler ended: ${errors.trim()}`));
  });
  return () =>
    new Promise((resolve, reject) => {
      if (failure === undefined) waiting.push({ resolve, reject });
      else reject(failure);
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

/** For each source: 0 and a pyc, or 1 and a reason, each with its length. */
function parseResults(results: Buffer): CompiledSource[] {
  const compiled: CompiledSource[] = [];
  for (let at = 0; at < results.length;) {
    const start = at + 5;
    const end = start + results.readUInt32LE(at + 1);
    const content = results.subarray(start, end);
    compiled.push(
      results[at] === 0 ? { pyc: content } : { reason: content.toString() },
    );
    at = end;
  }
  return compiled;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
