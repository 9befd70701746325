import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { LOCK_FILE } from '../workspace/lock-file';
import { requireFreshRequirements } from '../workspace/requirements';
import { REQUIREMENTS_FILE } from '../workspace/requirements-file';
import type { Answers } from './advisories';
import { answersFor } from './answers';
import { askUv } from './ask-uv';
import { judge } from './judge';
import type { PlacedIgnore } from './judge';
import { auditedClosureOf } from './pins';
import {
  lineOf,
  messageOfVulnerability,
  vulnerabilitiesAsSarif,
} from './sarif';

/** Clean, vulnerable, or nobody could tell: the last is no pass. */
export type Outcome = 'clean' | 'vulnerable' | 'could not audit';

/** What came of a part of an audit. */
export interface PartResult {
  readonly outcome: Outcome;
  /** What the user reads, best last. */
  readonly lines: readonly string[];
}

/** Which closure is audited, and how. */
export interface ClosureAudit {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** PEP 503 name. */
  readonly projectName: string;
  /** The project's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
  /** The SARIF file, relative to the workspace root; its folder is there. */
  readonly report: string;
  readonly serviceUrl?: string;
  readonly ignores: readonly PlacedIgnore[];
  /** `YYYY-MM-DD` by UTC. */
  readonly today: string;
  /** See `AnswerOptions.run`. */
  readonly run: string;
  /** The time, in ms since 1970. */
  readonly now: number;
}

/**
 * Audits the locked closure of a service or a layer.
 *
 * @param uv - the uv of the workspace's environment: an absolute path
 * @param options - see {@link ClosureAudit}
 * @returns the outcome
 * @throws {@link LambdaPyError} when requirements.txt is not true to uv.lock
 */
export async function auditClosure(
  uv: string,
  options: ClosureAudit,
): Promise<PartResult> {
  const { workspaceRoot, serviceUrl, ignores, today } = options;
  const path = requireFreshRequirements(workspaceRoot, options);
  const text = readFileSync(path, 'utf8');
  const file = join(options.projectRoot, REQUIREMENTS_FILE);
  const { pins, unknown } = auditedClosureOf(text, file);
  const answered = await answersOrFailure(() =>
    answersFor(pins, {
      workspaceRoot,
      today,
      run: options.run,
      now: options.now,
      ...(serviceUrl === undefined ? {} : { serviceUrl }),
      ask: (missing) => askUv(uv, missing, serviceUrl),
    }),
  );
  const verdict = judge(answered.answers, unknown, ignores, today);
  const failures = [
    ...(answered.failure === undefined ? [] : [answered.failure]),
    ...verdict.unknown.map((name) => unknownError(file, name).message),
  ];
  const { vulnerabilities } = verdict;
  writeFileSync(
    join(workspaceRoot, options.report),
    `${JSON.stringify(
      vulnerabilitiesAsSarif({
        file,
        text,
        vulnerabilities,
        ...(failures.length === 0 ? {} : { failure: failures.join('\n') }),
      }),
      undefined,
      2,
    )}\n`,
  );
  const lines = text.split(/\r?\n/);
  const found = `${pins.length} locked distributions, ${vulnerabilities.length} known vulnerabilities, ${verdict.ignored} ignored`;
  return {
    outcome:
      vulnerabilities.length > 0
        ? 'vulnerable'
        : failures.length > 0
          ? 'could not audit'
          : 'clean',
    lines: [
      ...verdict.expired.map(expiryOf),
      ...vulnerabilities.map(
        (one) =>
          `${file}:${lineOf(lines, one.pin)}: ${messageOfVulnerability(one)}${
            one.advisory.link === undefined ? '' : ` ${one.advisory.link}`
          }`,
      ),
      ...(vulnerabilities.length === 0 ? [] : [mendOf(vulnerabilities)]),
      ...failures,
      ...(answered.failure === undefined ? [found] : []),
    ],
  };
}

async function answersOrFailure(
  answer: () => Promise<Answers>,
): Promise<{ readonly answers: Answers; readonly failure?: string }> {
  try {
    return { answers: await answer() };
  } catch (error) {
    if (!(error instanceof LambdaPyError)) throw error;
    return { answers: new Map(), failure: error.message };
  }
}

function unknownError(file: string, name: string): LambdaPyError {
  return new LambdaPyError({
    file,
    problem: `${name} is locked by URL or path, of which no service of vulnerabilities can tell`,
    mend: `take a version from an index, or accept it for a time: [[tool.lambda-py.audit-ignore]] package = "${name}", reason, expires in ${dirname(file)}/pyproject.toml`,
  });
}

function expiryOf({ file, expires, reason, ...entry }: PlacedIgnore): string {
  return `${file}: [tool.lambda-py] audit-ignore: the entry for ${
    entry.id ?? entry.package ?? ''
  } ended on ${expires} and counts no more; it said: ${reason}`;
}

function mendOf(vulnerabilities: readonly { readonly pin: string }[]): string {
  const names = new Set(
    vulnerabilities.map(({ pin }) => pin.split(' ')[0] ?? ''),
  );
  const upgrades = [...names].map((name) => `--upgrade-package ${name}`);
  return `  mend:     uv lock ${upgrades.join(' ')} && nx sync (then commit ${LOCK_FILE}), or an entry of [tool.lambda-py] audit-ignore`;
}
