import type { Vulnerability } from './judge';

/** What a SARIF file tells of an audit of a closure. */
export interface SarifOptions {
  /** The requirements.txt, relative to the workspace root, with `/`. */
  readonly file: string;
  /** Its content. */
  readonly text: string;
  readonly vulnerabilities: readonly Vulnerability[];
  /** Why the audit is not whole; none where it is. */
  readonly failure?: string;
}

/**
 * Writes vulnerabilities as SARIF 2.1.0, for code hosts.
 *
 * uv writes SARIF as well, but of the project that it audits: each finding would point to the first line of a lock file
 * that the repository does not have, where ours points to the line of the pin.
 *
 * @param options - see {@link SarifOptions}
 * @returns the document
 */
export function vulnerabilitiesAsSarif(
  options: SarifOptions,
): Readonly<Record<string, unknown>> {
  const { file, text, vulnerabilities, failure } = options;
  const lines = text.split(/\r?\n/);
  const rules = new Map(
    vulnerabilities.map(({ advisory: { id, summary, link } }) => [
      id,
      {
        id,
        shortDescription: { text: summary === '' ? id : summary },
        ...(link === undefined ? {} : { helpUri: link }),
        properties: { tags: ['security', 'vulnerability'] },
      },
    ]),
  );
  return {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        // Code hosts tell runs of one tool apart by it.
        automationDetails: {
          id: `${file.replace(/\/?[^/]*$/, '')}/`.replace(/^\//, ''),
        },
        tool: {
          driver: {
            name: 'lambda-py audit',
            informationUri: 'https://docs.astral.sh/uv/',
            rules: [...rules.values()],
          },
        },
        invocations: [
          {
            executionSuccessful: failure === undefined,
            ...(failure === undefined
              ? {}
              : {
                  toolExecutionNotifications: [
                    { level: 'error', message: { text: failure } },
                  ],
                }),
          },
        ],
        results: vulnerabilities.map(({ pin, advisory }) => ({
          ruleId: advisory.id,
          level: 'error',
          message: { text: messageOfVulnerability({ pin, advisory }) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file) },
                region: { startLine: lineOf(lines, pin) },
              },
            },
          ],
          partialFingerprints: {
            'lambda-py/vulnerability': `${advisory.id} ${pin}`,
          },
        })),
      },
    ],
  };
}

/**
 * Tells of a vulnerability in one line.
 *
 * @param vulnerability - the vulnerability
 * @returns identifiers, summary and the versions in which it is gone
 */
export function messageOfVulnerability({
  pin,
  advisory: { id, aliases, summary, fixedIn },
}: Vulnerability): string {
  const names = aliases.length === 0 ? id : `${id} (${aliases.join(', ')})`;
  const gone =
    fixedIn.length === 0
      ? 'no version is without it yet'
      : `fixed in ${fixedIn.join(', ')}`;
  return `${pin}: ${names}${summary === '' ? '' : `: ${summary}`} [${gone}]`;
}

/**
 * Finds a pin in a requirements.txt as uv writes it.
 *
 * @param lines - the lines of the file
 * @param pin - for instance `requests 2.31.0`
 * @returns its line, from 1; 1 where it is not found
 */
export function lineOf(lines: readonly string[], pin: string): number {
  const start = pin.replace(' ', '==');
  const index = lines.findIndex(
    (line) => line.startsWith(start) && !/[\w.]/.test(line[start.length] ?? ''),
  );
  return Math.max(index, 0) + 1;
}
