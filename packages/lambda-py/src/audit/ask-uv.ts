import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tomlString } from '../workspace/toml';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import { uvEnvironment } from '../workspace/uv';
import { parseUvReport } from './advisories';
import type { Answers } from './advisories';
import type { Pin } from './pins';

// uv tries a request four times, 30 s each (UV_HTTP_TIMEOUT): longer than this, it hangs.
const LIMIT_MS = 300_000;

/**
 * Asks a vulnerability service for pins, with `uv audit`, in one batch.
 *
 * uv audits a project and its lock file, all of it. So it gets a project that depends on exactly these pins, in a folder
 * of its own: several versions of one distribution are told apart, and what no pin stands for is not asked.
 *
 * @param uv - the uv of the workspace's environment: an absolute path
 * @param pins - what to ask for: distinct, and at least one
 * @param serviceUrl - a service that speaks OSV's protocol; osv.dev when left out
 * @returns an answer for every pin
 * @throws {@link LambdaPyError} when uv could not tell for each of them
 */
export async function askUv(
  uv: string,
  pins: readonly Pin[],
  serviceUrl?: string,
): Promise<Answers> {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-py-audit-'));
  try {
    writeFileSync(join(folder, 'pyproject.toml'), PROJECT);
    writeFileSync(join(folder, 'uv.lock'), lockOf(pins));
    const { exitCode, stdout, stderr, timedOut } = await runProcess(
      uv,
      [
        'audit',
        '--frozen',
        '--preview-features=audit-command,json-output',
        '--output-format=json',
        ...(serviceUrl === undefined ? [] : [`--service-url=${serviceUrl}`]),
      ],
      { cwd: folder, env: uvEnvironment(process.env), timeoutMs: LIMIT_MS },
    );
    // 0: clean, 1: vulnerable. Else uv could not tell.
    const answers =
      exitCode === 0 || exitCode === 1
        ? parseUvReport(stdout, pins)
        : undefined;
    const isConsistent =
      answers !== undefined &&
      [...answers.values()].some(({ length }) => length > 0) ===
        (exitCode === 1);
    if (answers !== undefined && isConsistent) return answers;
    throw new LambdaPyError({
      problem: `"uv audit" could not tell the vulnerabilities of ${pins.length} distributions`,
      found: timedOut
        ? `no answer within ${LIMIT_MS / 1000} s`
        : reasonOf(stderr, exitCode),
      expected: 'a service that can be reached and speaks the protocol of OSV',
      mend: 'check the network, or name a mirror with the option "serviceUrl"',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NAME = 'lambda-py-audit';
const PROJECT = `[project]\nname = "${NAME}"\nversion = "0"\nrequires-python = ">=3.8"\n`;

/** A lock file as uv writes it. The source is a folder: of an index, uv would ask for each project's status as well. */
function lockOf(pins: readonly Pin[]): string {
  const identities = pins.map(
    ({ name, version }) =>
      [
        `name = ${tomlString(name)}`,
        `version = ${tomlString(version)}`,
        'source = { registry = "." }',
      ] as const,
  );
  return [
    'version = 1',
    'requires-python = ">=3.8"',
    '',
    '[[package]]',
    `name = "${NAME}"`,
    'version = "0"',
    'source = { virtual = "." }',
    'dependencies = [',
    ...identities.map((identity) => `  { ${identity.join(', ')} },`),
    ']',
    ...identities.flatMap((identity) => ['', '[[package]]', ...identity]),
    '',
  ].join('\n');
}

function reasonOf(stderr: string, exitCode: number): string {
  const lines = stderr
    // The service's address may hold a password.
    .replaceAll(/\/\/[^/\s@]+@/g, '//***@')
    .trim()
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.trim());
  return lines.length === 0
    ? `exit status ${exitCode}, and a report that does not account for each of them`
    : lines.slice(-4).join('; ');
}
