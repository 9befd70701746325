import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { LOCK_FILE } from '../workspace/lock-file';
import { requireFreshRequirements } from '../workspace/requirements';
import { REQUIREMENTS_FILE } from '../workspace/requirements-file';
import type { Advisory, Answered, Refusal } from './advisories';
import { answersFor } from './answers';
import { askUv } from './ask-uv';
import { judge } from './judge';
import type { PlacedIgnore } from './judge';
import { auditedClosureOf, keyOf } from './pins';
import type { AuditedClosure, Pin } from './pins';
import {
  lineOf,
  messageOfVulnerability,
  vulnerabilitiesAsSarif,
} from './sarif';

/** Vulnerable, or nobody could tell: the last is no pass. What is neither is clean. */
export type Outcome = 'vulnerable' | 'could not audit';

/** What came of a part of an audit. */
export interface PartResult {
  /** Both where some is vulnerable and the rest could not be audited: neither hides the other. */
  readonly outcomes: readonly Outcome[];
  /** What the user reads, best last. */
  readonly lines: readonly string[];
}

/**
 * Has the pins of many closures asked for at once, for whoever comes first.
 *
 * @param ask - asks for pins
 * @returns what is known of the pins of all these closures
 */
export type AskAll = (
  ask: (pins: readonly Pin[]) => Promise<Answered>,
) => Promise<Answered>;

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
  /** See {@link AskAll}. */
  readonly askAll?: AskAll;
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
  const { text, file, pins, unknown } = readClosure(workspaceRoot, options);
  const ask = (some: readonly Pin[]): Promise<Answered> =>
    answersFor(some, {
      workspaceRoot,
      today,
      run: options.run,
      now: options.now,
      ...(serviceUrl === undefined ? {} : { serviceUrl }),
      ask: (missing) => askUv(uv, missing, serviceUrl),
    });
  const { answers, refusal } = await (options.askAll?.(ask) ?? ask(pins));
  const own = new Map(
    pins.map(keyOf).flatMap((key): [string, readonly Advisory[]][] => {
      const found = answers.get(key);
      return found === undefined ? [] : [[key, found]];
    }),
  );
  const unanswered = pins.filter((pin) => !own.has(keyOf(pin)));
  const verdict = judge(own, unknown, ignores, today);
  const failures = [
    ...(unanswered.length === 0
      ? []
      : [unansweredError(file, unanswered, pins.length, refusal).message]),
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
  const audited =
    unanswered.length === 0 ? pins.length : `${own.size} of ${pins.length}`;
  const found = `${audited} locked distributions, ${vulnerabilities.length} known vulnerabilities, ${verdict.ignored} ignored`;
  return {
    outcomes: [
      ...(vulnerabilities.length > 0 ? (['vulnerable'] as const) : []),
      ...(failures.length > 0 ? (['could not audit'] as const) : []),
    ],
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
      ...(own.size > 0 || pins.length === 0 ? [found] : []),
    ],
  };
}

/** A locked closure, as its requirements.txt has it. */
interface ReadClosure extends AuditedClosure {
  readonly text: string;
  /** The path of requirements.txt, relative to the workspace root. */
  readonly file: string;
}

/**
 * Reads the locked closure of a service or a layer.
 *
 * @param workspaceRoot - absolute path
 * @param owner - the service or the layer
 * @returns its pins, and where they stand
 * @throws {@link LambdaPyError} when requirements.txt is not true to uv.lock
 */
export function readClosure(
  workspaceRoot: string,
  owner: Pick<ClosureAudit, 'projectName' | 'projectRoot'>,
): ReadClosure {
  const path = requireFreshRequirements(workspaceRoot, owner);
  const text = readFileSync(path, 'utf8');
  const file = join(owner.projectRoot, REQUIREMENTS_FILE);
  return { ...auditedClosureOf(text, file), text, file };
}

/** So many names show which; a service that is down has none for any. */
const NAMED_PINS = 10;

/** The same for a task alone and in a batch, whichever of them has asked. */
function unansweredError(
  file: string,
  unanswered: readonly Pin[],
  all: number,
  refusal: Refusal | undefined,
): LambdaPyError {
  const names = unanswered.slice(0, NAMED_PINS).map(keyOf);
  const more = unanswered.length - names.length;
  return new LambdaPyError({
    file,
    problem: `"uv audit" could not tell the vulnerabilities of ${unanswered.length} of ${all} distributions: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    ...refusal,
  });
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
