import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startByteBudget } from './byte-budget';
import { deflate, isCompressed } from './deflate';
import type { KeptContent } from './deflate';
import { startDeflateThread } from './deflate-thread';
import type { DeflatedFile, DeflateThread } from './deflate-thread';
import type { LargeFile } from './distribution';

/** Deflates on several cores. The bytes are those of {@link deflate}: the same program runs in every thread. */
export interface DeflateWorkers {
  /** How many threads there may be; with none, the thread that asks deflates. */
  readonly threads: number;
  /** Waits until the threads have little left to do, so that no more is read than they can take. */
  readonly ready: () => Promise<void>;
  /** Takes a content over: it may be moved to another thread, and not be read any more. */
  readonly deflate: (content: Uint8Array) => Promise<KeptContent>;
  /**
   * Deflates a file that a thread reads itself into another file: neither is in this thread's memory. There has to be a
   * thread.
   */
  readonly deflateFile: (
    file: LargeFile,
  ) => Promise<DeflatedFile & { readonly keptLocation: string }>;
  /** Ends the threads. */
  readonly stop: () => Promise<void>;
}

/** More than this many threads would wait for what reads the files. */
const MOST_THREADS = 4;

/** What may wait for the threads, all together. */
const MOST_BYTES = 8 * 1024 ** 2;

// What a message costs is more than what deflating so little does.
const SMALL_BYTES = 512;

// With less than this before it, a content is deflated before another thread has started.
const SHORT_LOAD_BYTES = 1024 ** 2;

/**
 * From this size on, a file gets a thread of its own: the memory of WebAssembly never shrinks, and ends with the thread.
 * It takes 60 ms to start, and to deflate so much 150.
 */
export const HUGE_BYTES = 8 * 1024 ** 2;

/**
 * How much of such files is deflated at a time, or one that is larger alone: each is in memory whole, and so is what it is
 * deflated to. They begin early, while sources are compiled, so that nothing waits for them in the end.
 */
const MOST_HUGE_BYTES = 24 * 1024 ** 2;

/**
 * Makes threads that deflate, each when it is first needed.
 *
 * @param folder - where they write what they make of files: an absolute path
 * @param threads - how many; when left out, as many as this machine has cores, up to {@link MOST_THREADS}; with none, this
 * thread deflates
 * @returns the threads, to be stopped
 */
export function startDeflateWorkers(
  folder: string,
  threads = Math.min(availableParallelism(), MOST_THREADS),
): DeflateWorkers {
  const started: DeflateThread[] = [];
  const ofHugeFiles = new Set<DeflateThread>();
  const hugeBytes = startByteBudget(MOST_HUGE_BYTES);
  const unready: (() => void)[] = [];
  let isStopped = false;
  let files = 0;
  let waitingBytes = 0;
  const finish = (bytes: number): void => {
    waitingBytes -= bytes;
    if (waitingBytes < MOST_BYTES) {
      for (const resume of unready.splice(0)) resume();
    }
  };
  const leastLoaded = (): DeflateThread => {
    const [first, ...others] = started;
    const least = others.reduce<DeflateThread | undefined>(
      (one, other) => (one && one.load() <= other.load() ? one : other),
      first,
    );
    if (
      least !== undefined &&
      (least.load() < SHORT_LOAD_BYTES || started.length >= threads)
    ) {
      return least;
    }
    const thread = startDeflateThread();
    started.push(thread);
    return thread;
  };
  const inThreadOfItsOwn = async <Result>(
    bytes: number,
    work: (thread: DeflateThread) => Promise<Result>,
  ): Promise<Result> => {
    await hugeBytes.take(bytes);
    if (isStopped) throw new Error('nothing is deflated any more');
    const thread = startDeflateThread(true);
    ofHugeFiles.add(thread);
    try {
      return await work(thread);
    } finally {
      await thread.stop();
      ofHugeFiles.delete(thread);
      hugeBytes.give(bytes);
    }
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
        return await leastLoaded().deflate(content);
      } finally {
        finish(length);
      }
    },
    deflateFile: async ({ source }) => {
      const { bytes } = source;
      const keptLocation = join(folder, `deflated-${files}`);
      files += 1;
      const file = { ...source, keptLocation };
      const result = await (bytes < HUGE_BYTES
        ? leastLoaded().deflateFile(file)
        : inThreadOfItsOwn(bytes, (thread) => thread.deflateFile(file)));
      return { ...result, keptLocation };
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(
        [...started, ...ofHugeFiles].map((thread) => thread.stop()),
      );
    },
  };
}
