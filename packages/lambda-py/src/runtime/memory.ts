import { readdirSync, readFileSync } from 'node:fs';
import { runProcess } from '../workspace/process';

/**
 * How often the memory of a running function is looked at, in ms. On Linux a look reads some files of the kernel's;
 * elsewhere it starts a `ps`.
 */
export const MEMORY_SAMPLE_MS = process.platform === 'linux' ? 20 : 250;

/** Follows a function's memory. */
export interface MemoryWatch {
  /** Looks once more. Returns the peak in MB; 0 where the process was gone before the first look. */
  look(): Promise<number>;
  /** Looks once more and stops. Returns the peak in MB. */
  stop(): Promise<number>;
}

/** How memory is followed. */
export interface MemoryWatchOptions {
  /** How to look; {@link readMemory} when left out. */
  readonly read?: (pid: number) => Promise<number | undefined>;
  /** What the function may need at most, in MB. */
  readonly limitMb?: number;
  /** Called once, when a look finds more than that. */
  readonly onExceeded?: () => void;
}

/**
 * Follows the largest resident memory of a process and of those that it started.
 *
 * @param pid - the process
 * @param options - see {@link MemoryWatchOptions}
 * @returns the watch, which {@link MemoryWatch.stop} must end while the process lives
 */
export function watchMemory(
  pid: number,
  { read = readMemory, limitMb = Infinity, onExceeded }: MemoryWatchOptions,
): MemoryWatch {
  let peak = 0;
  let isExceeded = false;
  const look = async (): Promise<number> => {
    // A look that fails tells nothing, as one that comes too late: a machine may have no ps.
    const found = await read(pid).catch(() => undefined);
    peak = Math.max(peak, found ?? 0);
    if (peak > limitMb * 1024 && !isExceeded) {
      isExceeded = true;
      onExceeded?.();
    }
    // One that was killed for its memory needed all that it had: what it asked for beyond that, it never got.
    return Math.min(Math.ceil(peak / 1024), limitMb);
  };
  let isLooking = false;
  const timer = setInterval(() => {
    // A slow look is not overtaken by the next.
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, MEMORY_SAMPLE_MS);
  return {
    look,
    stop: () => {
      clearInterval(timer);
      return look();
    },
  };
}

/**
 * Reads how much resident memory a process and its children need.
 *
 * @param pid - the process
 * @returns KiB; `undefined` when the process has ended. On Linux the peak of the process that the kernel keeps (VmHWM),
 * or what it needs now together with its children, what they share counted once (Pss); elsewhere what the process alone
 * needs now
 */
export function readMemory(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return readProcessStatus(pid);
  const peak = readKiB(`/proc/${pid}/status`, /^VmHWM:\s*(\d+) kB$/m);
  const children = descendantsOf(pid);
  if (peak === undefined || children.length === 0) return Promise.resolve(peak);
  const together = [pid, ...children].reduce(
    (sum, one) =>
      sum + (readKiB(`/proc/${one}/smaps_rollup`, /^Pss:\s*(\d+) kB$/m) ?? 0),
    0,
  );
  return Promise.resolve(Math.max(peak, together));
}

function readKiB(file: string, pattern: RegExp): number | undefined {
  try {
    const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    // The process has ended.
    return undefined;
  }
}

function descendantsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) =>
        readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
          .split(' ')
          .filter((child) => child !== '')
          .map(Number),
      )
      .flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    // It has ended, or the kernel does not tell.
    return [];
  }
}

/**
 * Asks `ps` for the resident memory of a process.
 *
 * @param pid - the process
 * @returns KiB; `undefined` when the process has ended
 */
export async function readProcessStatus(
  pid: number,
): Promise<number | undefined> {
  const { exitCode, stdout } = await runProcess(
    'ps',
    ['-o', 'rss=', '-p', String(pid)],
    { cwd: '/' },
  );
  return exitCode === 0 && stdout.trim() !== '' ? Number(stdout) : undefined;
}
