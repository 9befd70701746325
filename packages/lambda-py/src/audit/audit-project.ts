import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PythonEnvironment } from '../toolchain/environment';
import { LambdaPyError } from '../workspace/errors';
import { readPyproject } from '../workspace/pyproject';
import { describeArtifactProject } from '../workspace/service';
import { parseLambdaPyTable } from '../workspace/service-configuration';
import { auditClosure } from './audit-closure';
import type { AskAll, Outcome, PartResult } from './audit-closure';
import { findInsecureCode } from './insecure-code';
import type { PlacedIgnore } from './judge';

/** What is audited, and how. */
export interface AuditOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
  /** Where the SARIF files go, relative to the workspace root. */
  readonly reportsFolder: string;
  /** A service that speaks OSV's protocol; osv.dev when left out. */
  readonly serviceUrl?: string;
  /** The time, in ms since 1970. */
  readonly now: number;
  /** After how many seconds bandit is stopped. */
  readonly timeout: number;
  /** See `AnswerOptions.run`. */
  readonly run: string;
  /** See {@link AskAll}. */
  readonly askAll?: AskAll;
}

/**
 * Audits a project: its code, and what a service or a layer ships besides.
 *
 * A library's closure is audited where it is shipped, with the versions that are locked there.
 *
 * @param environment - holds uv and bandit
 * @param options - see {@link AuditOptions}
 * @param print - takes a line for the user
 * @returns true only where all of it is clean
 * @throws {@link LambdaPyError} when `[tool.lambda-py]` or requirements.txt cannot be used
 */
export async function auditProject(
  environment: PythonEnvironment,
  options: AuditOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const { workspaceRoot, projectRoot, reportsFolder } = options;
  const files = [...new Set(['.', projectRoot])].map((folder) =>
    folder === '.' ? 'pyproject.toml' : `${folder}/pyproject.toml`,
  );
  const pyprojects = files.map((file) => readPyproject(workspaceRoot, file));
  const ignores = pyprojects.flatMap(({ file, lambdaPy }): PlacedIgnore[] =>
    (parseLambdaPyTable(lambdaPy ?? {}, file).auditIgnore ?? []).map(
      (entry) => ({ ...entry, file }),
    ),
  );
  const own = pyprojects.at(-1);
  const { service, layer } =
    own === undefined ? {} : describeArtifactProject(own);
  const packed = service ?? layer;
  mkdirSync(join(workspaceRoot, reportsFolder), { recursive: true });
  const parts: PartResult[] = [];
  if (packed !== undefined) {
    parts.push(
      await auditClosure(environment.executable('uv'), {
        ...options,
        today: new Date(options.now).toISOString().slice(0, 10),
        projectName: packed.projectName,
        report: `${reportsFolder}/vulnerabilities.sarif`,
        ignores,
      }),
    );
  }
  const sources = sourcesOf(workspaceRoot, projectRoot, layer !== undefined);
  if (sources !== undefined) {
    parts.push(
      await codePart(environment, {
        workspaceRoot,
        sources,
        report: `${reportsFolder}/insecure-code.sarif`,
        timeout: options.timeout,
      }),
    );
  }
  for (const line of parts.flatMap(({ lines }) => lines)) print(line);
  const outcome = outcomeOf(parts.flatMap(({ outcomes }) => outcomes));
  print(`audit: ${outcome}`);
  return outcome === 'clean';
}

/** What could not be audited may be worse than what was found: both are told. */
function outcomeOf(outcomes: readonly Outcome[]): string {
  const isVulnerable = outcomes.includes('vulnerable');
  if (!outcomes.includes('could not audit')) {
    return isVulnerable ? 'vulnerable' : 'clean';
  }
  return isVulnerable
    ? 'vulnerable, and could not audit all of it'
    : 'could not audit';
}

async function codePart(
  environment: PythonEnvironment,
  options: Parameters<typeof findInsecureCode>[1],
): Promise<PartResult> {
  try {
    const { findings, files, failure } = await findInsecureCode(
      environment,
      options,
    );
    return {
      outcomes: [
        ...(findings.length > 0 ? (['vulnerable'] as const) : []),
        ...(failure === undefined ? [] : (['could not audit'] as const)),
      ],
      lines: [
        ...findings,
        ...(failure === undefined ? [] : [failure]),
        `${files} files of ${options.sources}, ${findings.length} insecure places`,
      ],
    };
  } catch (error) {
    if (!(error instanceof LambdaPyError)) throw error;
    return { outcomes: ['could not audit'], lines: [error.message] };
  }
}

/** A layer that only gathers dependencies has no code. */
function sourcesOf(
  workspaceRoot: string,
  projectRoot: string,
  isLayer: boolean,
): string | undefined {
  const folder = projectRoot === '.' ? '' : `${projectRoot}/`;
  if (existsSync(join(workspaceRoot, folder, 'src'))) return `${folder}src`;
  return isLayer ? undefined : projectRoot;
}
