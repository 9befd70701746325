import { readFileSync } from 'node:fs';
import { runProcess } from '../workspace/process';

/** How often the memory of a running function is looked at, in ms. A peak that ends its process sooner is missed. */
export const MEMORY_SAMPLE_MS = 50;

/** Follows a process's memory. */
export interface MemoryWatch {
  /** Looks once more and stops. Returns the peak in MB; 0 where the process was gone before the first look. */
  stop(): Promise<number>;
}

/**
 * Follows the largest resident memory of a process.
 *
 * @param pid - the process
 * @param readPeak - how to look; {@link readPeakMemory} when left out
 * @returns the watch, which {@link MemoryWatch.stop} must end while the process lives
 */
export function watchMemory(
  pid: number,
  readPeak: (pid: number) => Promise<number | undefined> = readPeakMemory,
): MemoryWatch {
  let peak = 0;
  const look = async (): Promise<void> => {
    peak = Math.max(peak, (await readPeak(pid)) ?? 0);
  };
  const timer = setInterval(() => void look(), MEMORY_SAMPLE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return Math.ceil(peak / 1024);
    },
  };
}

/**
 * Reads how much resident memory a process has needed at most.
 *
 * @param pid - the process
 * @returns KiB: on Linux the peak that the kernel keeps (VmHWM), elsewhere what it needs now; `undefined` when it has
 * ended
 */
export function readPeakMemory(pid: number): Promise<number | undefined> {
  return process.platform === 'linux'
    ? Promise.resolve(readKernelPeak(pid))
    : readProcessStatus(pid);
}

function readKernelPeak(pid: number): number | undefined {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    )?.[1];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined;
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
