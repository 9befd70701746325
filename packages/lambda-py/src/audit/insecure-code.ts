import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { v } from '../workspace/validation';
import type { PythonEnvironment } from '../toolchain/environment';
import { reasonOfEnd } from '../toolchain/explain-end';
import { runToolSilently } from '../toolchain/run-tool';
import { LambdaPyError } from '../workspace/errors';
import { jsonOf } from '../workspace/json';
import { readTextIfPresent } from '../workspace/text-file';

/** Whose code is looked through, and where the report goes. */
export interface InsecureCodeOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The folder of the sources, relative to the workspace root, with `/`. */
  readonly sources: string;
  /** The SARIF file, relative to the workspace root. */
  readonly report: string;
  /** After how many seconds bandit is stopped. */
  readonly timeout: number;
}

// What bandit-sarif-formatter writes, as far as a verdict needs it.
const sarifSchema = v.object({
  runs: v.tuple([
    v.object({
      invocations: v.array(
        v.object({
          toolConfigurationNotifications: v.optional(
            v.array(
              v.object({
                message: v.object({ text: v.string() }),
                locations: v.array(locationSchema()),
              }),
            ),
          ),
        }),
      ),
      properties: v.object({
        metrics: v.record(v.string(), v.record(v.string(), v.number())),
      }),
      results: v.array(
        v.object({
          ruleId: v.string(),
          message: v.object({ text: v.string() }),
          locations: v.array(locationSchema()),
          properties: v.object({
            issue_severity: v.string(),
            issue_confidence: v.string(),
          }),
        }),
      ),
    }),
  ]),
});

function locationSchema() {
  return v.object({
    physicalLocation: v.object({
      artifactLocation: v.object({ uri: v.string() }),
      region: v.optional(v.object({ startLine: v.number() })),
    }),
  });
}

/**
 * Looks for insecure code with bandit, as `[tool.bandit]` of the root's pyproject.toml says.
 *
 * bandit ends with 0 where it could not read a file, and where its settings leave out all of them: its `exclude_dirs` are
 * parts of paths, so that `tests` leaves out a service named `contests`. Neither is a pass.
 *
 * @param environment - holds bandit and its SARIF formatter
 * @param options - see {@link InsecureCodeOptions}
 * @returns a line for each finding, how many files were looked through, and why that is not all
 * @throws {@link LambdaPyError} when bandit could not look through any of the code
 */
export async function findInsecureCode(
  environment: PythonEnvironment,
  { workspaceRoot, sources, report, timeout }: InsecureCodeOptions,
): Promise<{
  readonly findings: readonly string[];
  readonly files: number;
  readonly failure?: string;
}> {
  const path = join(workspaceRoot, report);
  rmSync(path, { force: true });
  const end = await runToolSilently(
    environment.executable('bandit'),
    [
      ...['--quiet', '--exit-zero', '--recursive', sources],
      ...['--configfile', 'pyproject.toml', '--format', 'sarif'],
      ...['--output', report],
    ],
    // The paths of the report are relative to the root, as code hosts want them.
    { workspaceRoot, cwd: workspaceRoot, timeoutMs: timeout * 1000 },
  );
  const { exitCode, stdout, stderr } = end;
  const run =
    exitCode === 0
      ? jsonOf(readTextIfPresent(path), sarifSchema)?.runs[0]
      : undefined;
  const reason = reasonOfEnd(end, { seconds: timeout, option: 'timeout' });
  if (reason !== undefined) {
    throw new LambdaPyError({
      problem: `bandit could not look through ${sources}`,
      found: `bandit ${reason}`,
    });
  }
  if (run === undefined) {
    throw new LambdaPyError({
      problem: `bandit could not look through ${sources}`,
      found: lastLines(`${stdout}${stderr}`) || `exit status ${exitCode}`,
      expected: 'bandit and bandit-sarif-formatter in the group "dev"',
      mend: 'nx g lambda-py:init',
    });
  }
  const unread = run.invocations
    .flatMap((one) => one.toolConfigurationNotifications ?? [])
    .map(({ message, locations }) => `${uriOf(locations)}: ${message.text}`);
  const failure =
    unread.length === 0
      ? {}
      : { failure: unreadError(unread.join('; ')).message };
  const files = Object.keys(run.properties.metrics).filter(
    (file) => file !== '_totals',
  ).length;
  if (
    files === 0 &&
    unread.length === 0 &&
    hasModules(join(workspaceRoot, sources))
  ) {
    throw new LambdaPyError({
      file: 'pyproject.toml',
      location: '[tool.bandit] exclude_dirs',
      problem: `the setting leaves out every file of ${sources}: it holds for any part of a path`,
      expected: 'globs of folders, such as ["*/tests/*", "*/.venv/*"]',
      mend: 'edit pyproject.toml',
    });
  }
  return {
    files,
    ...failure,
    findings: run.results.map(
      ({ ruleId, message, locations, properties }) =>
        `${uriOf(locations)}: ${ruleId}: ${message.text} [severity ${properties.issue_severity.toLowerCase()}, confidence ${properties.issue_confidence.toLowerCase()}]`,
    ),
  };
}

function unreadError(found: string): LambdaPyError {
  return new LambdaPyError({
    problem: 'bandit could not read all of the code',
    found,
    mend: 'correct these files',
  });
}

function uriOf(
  locations: readonly v.InferOutput<ReturnType<typeof locationSchema>>[],
): string {
  const place = locations[0]?.physicalLocation;
  if (place === undefined) return '';
  const file = decodeURIComponent(place.artifactLocation.uri);
  return place.region === undefined
    ? file
    : `${file}:${place.region.startLine}`;
}

function hasModules(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
    (file) => file.endsWith('.py'),
  );
}

function lastLines(output: string): string {
  return output.trim().split(/\r?\n/).slice(-3).join('; ');
}
