import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deflate, DEFLATE_LEVEL, isCompressed } from './deflate';
import type { KeptContent } from './deflate';
import type { LargeFile } from './distribution';

/** Deflates on several cores. The bytes are those of {@link deflate}: the same program runs in every thread. */
export interface DeflateWorkers {
  /** How many threads there may be; with none, the thread that asks deflates. */
  readonly threads: number;
  /** Waits until the threads have little left to do, so that no more is read than they can take. */
  readonly ready: () => Promise<void>;
  /** Takes a content over: it may be moved to another thread, and not be read any more. */
  readonly deflate: (content: Uint8Array) => Promise<KeptContent>;
  /** Deflates a file that a thread reads itself, so that it is in memory once. There has to be a thread. */
  readonly deflateFile: (file: LargeFile) => Promise<DeflatedFile>;
  /** Ends the threads. */
  readonly stop: () => Promise<void>;
}

/** A file as a thread has read it. */
export interface DeflatedFile extends KeptContent {
  /** The size of the content. */
  readonly bytes: number;
  /** The CRC-32 of the content. */
  readonly checksum: number;
  /** The content's digest in URL-safe base64; none where there is no algorithm to compute it. */
  readonly digest?: string;
}

/** More than this many threads would wait for what reads the files. */
const MOST_THREADS = 4;

/** What may wait for the threads, all together. */
const MOST_BYTES = 8 * 1024 ** 2;

// What a message costs is more than what deflating so little does.
const SMALL_BYTES = 512;

// With less than this before it, a content is deflated before another thread has started.
const SHORT_LOAD_BYTES = 1024 ** 2;

/** What a thread says of a message. */
type Answer =
  | { readonly id: number; readonly result: KeptContent | DeflatedFile }
  | { readonly id: number; readonly error: Error };

interface Waiting {
  readonly resolve: (result: KeptContent | DeflatedFile) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** By the message's number. */
  readonly waiting: Map<number, Waiting>;
  /** The bytes that it has yet to deflate. */
  load: number;
  /** Why it has ended, if it has. */
  failure?: Error;
}

/**
 * Makes threads that deflate, each when it is first needed.
 *
 * @param threads - how many; when left out, as many as this machine has cores, up to {@link MOST_THREADS}; with none, this
 * thread deflates
 * @returns the threads, to be stopped
 */
export function startDeflateWorkers(
  threads = Math.min(availableParallelism(), MOST_THREADS),
): DeflateWorkers {
  const started: Thread[] = [];
  const unready: (() => void)[] = [];
  let messages = 0;
  let waitingBytes = 0;
  const finish = (bytes: number): void => {
    waitingBytes -= bytes;
    if (waitingBytes < MOST_BYTES) {
      for (const resume of unready.splice(0)) resume();
    }
  };
  const leastLoaded = (): Thread => {
    const [first, ...others] = started;
    const least = others.reduce<Thread | undefined>(
      (one, other) => (one && one.load <= other.load ? one : other),
      first,
    );
    if (
      least !== undefined &&
      (least.load < SHORT_LOAD_BYTES || started.length >= threads)
    ) {
      return least;
    }
    const thread = startThread();
    started.push(thread);
    return thread;
  };
  const ask = (
    bytes: number,
    message: { content: Uint8Array } | { file: LargeFile['source'] },
  ): Promise<KeptContent | DeflatedFile> => {
    const thread = leastLoaded();
    const id = messages;
    messages += 1;
    thread.load += bytes;
    return new Promise<KeptContent | DeflatedFile>((resolve, reject) => {
      if (thread.failure !== undefined) throw thread.failure;
      thread.worker.postMessage(
        { id, ...message },
        'content' in message ? movable(message.content) : [],
      );
      thread.waiting.set(id, { resolve, reject });
    }).finally(() => {
      thread.load -= bytes;
    });
  };
  return {
    threads,
    ready: async () => {
      // Each that waits looks again: another one may have been faster.
      while (waitingBytes >= MOST_BYTES) {
        await new Promise<void>((resolve) => unready.push(resolve));
      }
    },
    deflate: async (content) => {
      if (threads < 1 || content.length < SMALL_BYTES || isCompressed(content))
        return deflate(content);
      const { length } = content;
      waitingBytes += length;
      try {
        return await ask(length, { content });
      } finally {
        finish(length);
      }
    },
    deflateFile: async ({ source }) => {
      const result = await ask(source.bytes, { file: source });
      // The thread adds them where it has read the content itself.
      return result as DeflatedFile;
    },
    stop: async () => {
      await Promise.all(started.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(): Thread {
  // JavaScript, and not this module's: a thread would have to find that, compiled, on the disk.
  const worker = new Worker(join(__dirname, 'files/deflate-thread.js'), {
    workerData: { level: DEFLATE_LEVEL },
  });
  const thread: Thread = { worker, waiting: new Map(), load: 0 };
  const { waiting } = thread;
  worker.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asker?.reject(answer.error);
    else asker?.resolve(answer.result);
  });
  worker.on('error', (error: Error) => {
    thread.failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return thread;
}

/** A buffer with memory of its own is moved; one that shares memory has to be copied. */
function movable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? [buffer]
    : [];
}
