import { cpus, loadavg, totalmem } from 'node:os';

/** The middle one of some figures. */
export function median(figures) {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The machine, and what else runs on it. */
export function machine() {
  const [{ model }] = cpus();
  const load = loadavg().map((value) => value.toFixed(1));
  return `${model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load ${load.join(' ')}`;
}

/** A Markdown table; the first row is the header. */
export function markdownTable([header, ...rows]) {
  return [
    header,
    header.map((_, index) => (index < 2 ? '---' : '--:')),
    ...rows,
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
