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

/**
 * Reads what Nx prints of many tasks in the style `static`.
 *
 * @param output - Nx's
 * @returns a report for each task, by its id
 */
export function nxTaskReports(output: string): ReadonlyMap<string, TaskReport> {
  const failed = new Set(
    [...output.matchAll(/^\s*- (\S+:\S+)\s*$/gm)].map(([, task]) => task),
  );
  const lines = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of output.split('\n')) {
    const task = HEADER.exec(line)?.groups?.['task'];
    if (task !== undefined) {
      current = [];
      lines.set(task, current);
    } else if (END.test(line)) {
      current = undefined;
    } else if (!NODE_WARNING.test(line)) {
      // How much of an endless output is kept depends on when it is stopped.
      const text = line.replace(/^x{9,}|^x+(?=pytest)/, '');
      if (text !== '' || line === '') current?.push(text);
    }
  }
  return new Map(
    [...lines].map(([task, text]) => [
      task,
      { failed: failed.has(task), output: withoutWhatDiffers(text.join('\n')) },
    ]),
  );
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
