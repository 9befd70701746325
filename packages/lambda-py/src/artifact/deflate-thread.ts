import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEFLATE_LEVEL } from './deflate';
import type { KeptContent } from './deflate';
import type { LargeFile } from './distribution';

/** A file to be deflated, and where to write what is kept of it. */
export type FileToDeflate = LargeFile['source'] & {
  readonly keptLocation: string;
};

/** A file as a thread has read it. */
export interface DeflatedFile {
  /** Whether what is kept is deflated, and not the content as it is. */
  readonly isDeflated: boolean;
  /** The size of what is kept. */
  readonly keptBytes: number;
  /** The size of the content. */
  readonly bytes: number;
  /** The CRC-32 of the content. */
  readonly checksum: number;
  /** The content's digest in URL-safe base64; none where there is no algorithm to compute it. */
  readonly digest?: string;
}

/** A thread that deflates, one request after the other. */
export interface DeflateThread {
  /** The bytes that it has yet to deflate. */
  readonly load: () => number;
  /** Takes a content over: it may be moved to the thread, and not be read any more. */
  readonly deflate: (content: Uint8Array) => Promise<KeptContent>;
  /** Reads a file and writes what is kept of it. */
  readonly deflateFile: (file: FileToDeflate) => Promise<DeflatedFile>;
  /** Ends it; its memory is free then. */
  readonly stop: () => Promise<void>;
}

/** What a thread says of a message. */
type Answer =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: Error;
      /** What a message drops of an error of the file system. */
      readonly of: Pick<NodeJS.ErrnoException, 'code' | 'path'>;
    };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a thread.
 *
 * @param warm - whether it first makes itself fast, for 20 ms: worth it for a large content alone
 * @returns the thread, to be stopped
 */
export function startDeflateThread(warm = false): DeflateThread {
  // JavaScript, and not this module's: a thread would have to find that, compiled, on the disk.
  const worker = new Worker(join(__dirname, 'files/deflate-thread.js'), {
    workerData: { level: DEFLATE_LEVEL, warm },
  });
  const waiting = new Map<number, Waiting>();
  let messages = 0;
  let load = 0;
  let failure: Error | undefined;
  worker.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) {
      asker?.reject(Object.assign(answer.error, answer.of));
    } else asker?.resolve(answer.result);
  });
  worker.on('error', (error: Error) => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  const ask = (
    bytes: number,
    request: { content: Uint8Array } | { file: FileToDeflate },
    moved: ArrayBuffer[] = [],
  ): Promise<unknown> => {
    const id = messages;
    messages += 1;
    load += bytes;
    return new Promise((resolve, reject) => {
      if (failure !== undefined) throw failure;
      worker.postMessage({ id, ...request }, moved);
      waiting.set(id, { resolve, reject });
    }).finally(() => {
      load -= bytes;
    });
  };
  return {
    load: () => load,
    // The thread answers as it was asked: with a content, or of a file.
    deflate: (content) =>
      ask(
        content.length,
        { content },
        movable(content),
      ) as Promise<KeptContent>,
    deflateFile: (file) => ask(file.bytes, { file }) as Promise<DeflatedFile>,
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** A buffer with memory of its own is moved; one that shares memory has to be copied. */
function movable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? [buffer]
    : [];
}
