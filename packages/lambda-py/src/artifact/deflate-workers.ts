import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { deflate, DEFLATE_LEVEL, isCompressed } from './deflate';
import type { KeptContent } from './deflate';

/** Deflates on several cores. The bytes are those of {@link deflate}: the same library runs in every thread. */
export interface DeflateWorkers {
  /** Waits until the threads have little left to do, so that no more is read than they can take. */
  readonly ready: () => Promise<void>;
  /** Takes a content over: it may be moved to another thread, and not be read any more. */
  readonly deflate: (content: Uint8Array) => Promise<KeptContent>;
  /** Ends the threads. */
  readonly stop: () => Promise<void>;
}

/** More than this many threads would wait for what reads the files. */
const MOST_THREADS = 4;

/** What may wait for the threads, all together. */
const MOST_BYTES = 8 * 1024 ** 2;

// What a message costs is more than what deflating so little does.
const SMALL_BYTES = 512;

interface Answer extends KeptContent {
  readonly id: number;
}

interface Waiting {
  readonly resolve: (kept: KeptContent) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** By the message's number. */
  readonly waiting: Map<number, Waiting>;
  /** The bytes that it has yet to deflate. */
  load: number;
}

/** What {@link deflate} does. It is no module of its own: a thread would have to find it, compiled, on the disk. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const { deflateSync } = require(workerData.fflate);
parentPort.on('message', ({ id, content }) => {
  const deflated = deflateSync(content, { level: workerData.level });
  const isDeflated = deflated.length < content.length;
  const kept = isDeflated ? deflated : content;
  parentPort.postMessage({ id, kept, isDeflated }, [kept.buffer]);
});
`;

/**
 * Makes threads that deflate, each when it is first needed.
 *
 * @param threads - how many; when left out, as many as this machine has cores besides the one that this thread needs,
 * up to {@link MOST_THREADS}; with none, this thread deflates
 * @returns the threads, to be stopped
 */
export function startDeflateWorkers(
  threads = Math.min(availableParallelism() - 1, MOST_THREADS),
): DeflateWorkers {
  const started: Thread[] = [];
  let messages = 0;
  let load = 0;
  const unready: (() => void)[] = [];
  const finish = (thread: Thread, bytes: number): void => {
    thread.load -= bytes;
    load -= bytes;
    if (load < MOST_BYTES) for (const resume of unready.splice(0)) resume();
  };
  const leastLoaded = (): Thread => {
    const idle = started.find(({ load }) => load === 0);
    if (idle !== undefined) return idle;
    if (started.length < threads) {
      const thread = startThread();
      started.push(thread);
      return thread;
    }
    return started.reduce((one, other) =>
      other.load < one.load ? other : one,
    );
  };
  return {
    ready: async () => {
      // Each that waits looks again: another one may have been faster.
      while (load >= MOST_BYTES) {
        await new Promise<void>((resolve) => unready.push(resolve));
      }
    },
    deflate: (content) => {
      if (threads < 1 || content.length < SMALL_BYTES || isCompressed(content))
        return Promise.resolve(deflate(content));
      const thread = leastLoaded();
      const { length } = content;
      const id = messages;
      messages += 1;
      thread.load += length;
      load += length;
      return new Promise<KeptContent>((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject });
        thread.worker.postMessage({ id, content }, movable(content));
      }).finally(() => {
        finish(thread, length);
      });
    },
    stop: async () => {
      await Promise.all(started.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(): Thread {
  const worker = new Worker(SCRIPT, {
    eval: true,
    workerData: { fflate: require.resolve('fflate'), level: DEFLATE_LEVEL },
  });
  const waiting = new Map<number, Waiting>();
  worker.on('message', ({ id, kept, isDeflated }: Answer) => {
    waiting.get(id)?.resolve({ kept, isDeflated });
    waiting.delete(id);
  });
  worker.on('error', (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return { worker, waiting, load: 0 };
}

/** A buffer with memory of its own is moved; one that shares memory has to be copied. */
function movable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? [buffer]
    : [];
}
