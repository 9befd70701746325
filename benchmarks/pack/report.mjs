import { machine, markdownTable, median } from '../shared/statistics.mjs';
import { VERSIONS } from './install.mjs';

const SUBJECT = 'lambda-py, engine';

/** The figures in Markdown, for docs/benchmarks.md. */
export function report(results, { started, python, rounds, missing }) {
  return [
    `${new Date().toISOString().slice(0, 10)}: ${machine()} at the end (at the start: ${started.split(', ').at(-1)}).`,
    `Node.js ${process.version}, Python ${python}, uv ${VERSIONS.uv}, aws-sam-cli ${VERSIONS.sam}, @nxlv/python ${VERSIONS.nxlv}, serverless ${VERSIONS.serverless} with serverless-python-requirements ${VERSIONS.serverlessPythonRequirements}.`,
    `Wall time in seconds, ${rounds} interleaved rounds: median (least to most). The caches of pip and uv hold all wheels, but in the column "downloads". In brackets after a median: how many times as long as ${SUBJECT} takes.`,
    'First: no output and no cache of the packer. Memory: the most that all processes had resident together.',
    'NODE_EXTRA_CA_CERTS is not set for any of them: where it is, each start of Node.js takes 40 ms more.',
    '`sam build` writes folders; "…, and zip" is the same runs with `zip` behind each. Memory of `nx run` is without that of the daemon.',
    '',
    ...results.flatMap(({ workloadName, workload, rows }) => [
      `### ${workloadName}: ${workload.title}`,
      '',
      tableOf(rows),
      '',
      ...rows
        .filter(({ error }) => error !== undefined)
        .map(
          ({ subject, error }) =>
            `- ${subject.name} did not work: ${error.message.trim().split('\n').slice(-3).join(' ').slice(0, 400)}`,
        ),
      '',
    ]),
    ...[...missing].map(
      ([name, error]) =>
        `- ${name} could not be installed: ${error.message.trim().split('\n').at(-1)}`,
    ),
  ]
    .join('\n')
    .trim();
}

function tableOf(rows) {
  const measured = rows
    .filter(({ error }) => error === undefined)
    .flatMap((row) => [
      { ...row, name: row.subject.name },
      ...(row.then === undefined
        ? []
        : [
            {
              ...row,
              ...row.then,
              cold: undefined,
              name: `${row.subject.name}, and ${row.subject.afterwards.name}`,
            },
          ]),
    ]);
  const own = measured.find(({ name }) => name === SUBJECT);
  const hasCold = measured.some(({ cold }) => cold !== undefined);
  return markdownTable([
    [
      'Packer',
      'Same bytes twice',
      'First',
      'Nothing changed',
      'One line changed',
      ...(hasCold ? ['First, with downloads'] : []),
      'Memory, first',
      'Memory, change',
      'Zip',
    ],
    ...measured.map((row) => [
      row.name,
      ['', 'yes'][row.digests.size] ?? 'no',
      ...['first', 'same', 'change'].map((state) =>
        spread(row[state], own?.[state]),
      ),
      ...(hasCold ? [row.cold?.toFixed(1) ?? ''] : []),
      `${row.firstMegabytes.toFixed(0)} MB`,
      `${row.megabytes.toFixed(0)} MB`,
      row.bytes === undefined ? '' : `${(row.bytes / 1e6).toFixed(1)} MB`,
    ]),
  ]);
}

function spread(seconds, own) {
  const middle = median(seconds);
  const ratio =
    own === undefined || own === seconds
      ? ''
      : ` [${(middle / median(own)).toFixed(1)}×]`;
  return `${middle.toFixed(2)} (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})${ratio}`;
}
