/** What Nx says of a task. */
export interface TaskReport {
  readonly failed: boolean;
  /** What the task printed, without durations and addresses. */
  readonly output: string;
}

const HEADER = /^(?:[✔✖] )?\s*> nx run (?<task>\S+).*$/;
/** Nx sets FORCE_COLOR beside the NO_COLOR of these tests. */
const NODE_WARNING =
  /^\(node:\d+\) Warning: The 'NO_COLOR'|^\(Use `node --trace-warnings/;
const END = /^\s*(?:—{5,}|-{5,}|NX {3}|Run duration:)/;

/** A task, and the lines that it printed. */
export interface PrintedTask {
  readonly failed: boolean;
  readonly lines: readonly string[];
}

/**
 * Divides what Nx prints of many tasks in the style `static` among them.
 *
 * @param output - Nx's
 * @returns the tasks by their ids
 */
export function tasksOf(output: string): ReadonlyMap<string, PrintedTask> {
  const failed = new Set(
    [...output.matchAll(/^\s*- (\S+:\S+)\s*$/gm)].map(([, task]) => task),
  );
  const tasks = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of output.split('\n')) {
    const task = HEADER.exec(line)?.groups?.['task'];
    if (task !== undefined) {
      current = [];
      tasks.set(task, current);
    } else if (END.test(line)) {
      current = undefined;
    } else if (!NODE_WARNING.test(line)) {
      current?.push(line);
    }
  }
  return new Map(
    [...tasks].map(([task, lines]) => [
      task,
      { failed: failed.has(task), lines },
    ]),
  );
}

/**
 * Reads what Nx prints of many tasks in the style `static`.
 *
 * @param output - Nx's
 * @returns a report for each task, by its id
 */
export function nxTaskReports(output: string): ReadonlyMap<string, TaskReport> {
  return new Map(
    [...tasksOf(output)].map(([task, { failed, lines }]) => [
      task,
      { failed, output: withoutWhatDiffers(withoutNoise(lines).join('\n')) },
    ]),
  );
}

/** How much of an endless output is kept depends on when it is stopped. */
function withoutNoise(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const text = line.replace(/^x{9,}|^x+(?=pytest)/, '');
    return text !== '' || line === '' ? [text] : [];
  });
}

function withoutWhatDiffers(text: string): string {
  return (
    text
      .replaceAll(/\b\d+\.\d+ ?s(?:econds)?\b/g, 'N s')
      // pytest fills its last line up to the width of the terminal.
      .replaceAll(/={3,}/g, '===')
      // The stack of a crash: where the thread is in memory, and what has started pytest.
      .replaceAll(/\bthread 0x[0-9a-f]+/g, 'thread N')
      .replaceAll(/\n *File "<frozen runpy>".*(?:\n *File ".*)*/g, '')
      .trim()
  );
}
