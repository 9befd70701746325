import { machine, markdownTable } from '../shared/statistics.mjs';
import { VERSIONS } from './subjects.mjs';

const OWN = 'lambda-py';
const STATES = ['cold', 'service', 'library'];

/** The figures in Markdown, for docs/benchmarks.md. */
export function report(rows, { started, python, parallel }) {
  const counts = [...new Set(rows.map(({ count }) => count))];
  return [
    `${new Date().toISOString().slice(0, 10)}: ${machine()} at the end (at the start: ${started.split(', ').at(-1)}).`,
    `Node.js ${process.version}, Python ${python}, uv ${VERSIONS.uv}, Nx ${VERSIONS.nx}, @nxlv/python ${VERSIONS.nxlv}; \`nx run-many --parallel=${parallel}\`. One run each: wall seconds / processor seconds. In brackets: how many times as long as ${OWN} takes.`,
    'Cold: no cache of Nx or of the tools; those of uv and pip are filled. Memory: the most that all processes had resident together in the cold run, pages that they share counted for each.',
    '',
    ...counts.flatMap((count) => [
      `### ${count} services`,
      '',
      tableOf(rows.filter((row) => row.count === count)),
      '',
      ...rows
        .filter((row) => row.count === count && row.error !== undefined)
        .map(
          ({ subject, target, error }) =>
            `- ${subject}, ${target} did not work: ${error.message.trim().split('\n').slice(-3).join(' ').slice(0, 400)}`,
        ),
    ]),
  ]
    .join('\n')
    .trim();
}

function tableOf(rows) {
  return markdownTable([
    [
      'Target',
      'Subject',
      'Cold',
      'One service changed',
      'Shared library changed',
      'Memory',
    ],
    ...rows.map((row) => {
      const own = rows.find(
        ({ subject, target }) => subject === OWN && target === row.target,
      );
      return [
        row.target,
        row.subject,
        ...STATES.map((state) => cell(row[state], own?.[state])),
        row.cold === undefined ? '' : `${row.cold.megabytes.toFixed(0)} MB`,
      ];
    }),
  ]);
}

function cell(measured, own) {
  if (measured === undefined) return '';
  const ratio =
    own === undefined || own === measured
      ? ''
      : ` [${(measured.seconds / own.seconds).toFixed(1)}×]`;
  return `${measured.seconds.toFixed(1)} / ${measured.cpu.toFixed(1)}${ratio}`;
}
