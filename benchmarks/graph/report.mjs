import { cpus, loadavg, totalmem } from 'node:os';
import { STATES } from './measurements.mjs';

/** The middle one of some figures. */
export function median(figures) {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * The figures as a Markdown table: for each state the median and, in brackets, the least and the most.
 *
 * @param {{ count: number; variant: string; projects: number; rounds: object[]; memory?: object; sync?: number[] }[]} rows
 */
export function tableOf(rows) {
  const lines = [
    [
      'Members',
      'Workspace',
      'Cold',
      'Warm',
      'After one edit',
      'Daemon',
      'Peak memory',
    ],
    ['--:', '---', '--:', '--:', '--:', '--:', '--:'],
    ...rows.map(({ count, variant, rounds, memory }) => [
      count.toLocaleString('en'),
      variant,
      ...STATES.map((state) => spread(rounds.map((round) => round[state]))),
      memory === undefined
        ? ''
        : `${Math.max(...['cold', 'warm', 'edit'].map((state) => memory[state].megabytes)).toFixed(0)} MB`,
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the plugin adds, round by round, to what it is compared with: the median, and the least and the most. */
export function differencesOf(rows, subject) {
  const own = rows.filter(({ variant }) => variant === subject);
  const lines = [
    [
      'Members',
      'lambda-py adds to',
      'Cold',
      'Warm',
      'After one edit',
      'Daemon',
    ],
    ['--:', '---', '--:', '--:', '--:', '--:'],
  ];
  for (const row of own) {
    for (const other of rows) {
      if (other.count !== row.count || other.variant === subject) continue;
      lines.push([
        row.count.toLocaleString('en'),
        other.variant,
        ...STATES.map((state) =>
          spread(
            row.rounds.map((round, index) => ({
              seconds:
                round[state].seconds - other.rounds[index][state].seconds,
            })),
          ),
        ),
      ]);
    }
  }
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The machine and what else ran on it. */
export function machine() {
  const [{ model }] = cpus();
  return `${model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;
}

function spread(measured) {
  const seconds = measured
    .filter((one) => one !== undefined)
    .map((one) => one.seconds);
  if (seconds.length === 0) return '';
  const show = (figure) => figure.toFixed(2);
  return `${show(median(seconds))} s (${show(Math.min(...seconds))} to ${show(Math.max(...seconds))})`;
}
