import { ensureEnvironmentOnce } from '../../toolchain/environment';
import type { PythonEnvironment } from '../../toolchain/environment';
import { lint } from '../../toolchain/lint';
import type { Formatter, LintOptions, LintWork } from '../../toolchain/lint';
import { findCleanProjects } from '../../toolchain/together/lint-together';
import type { CleanReport } from '../../toolchain/together/lint-together';

/** A project that a batch lints or formats. */
export interface LintedProject {
  /** Relative to the workspace root. */
  readonly projectRoot: string;
  readonly formatter: Formatter;
  readonly work: LintWork;
  /** After how many seconds a tool is stopped. */
  readonly timeout: number;
}

/** What a batch lints with. */
export interface SharedLint {
  readonly ensureEnvironment: ReturnType<typeof ensureEnvironmentOnce>;
  readonly lint: typeof lint;
}

/**
 * Lints many projects: those in which one run for all finds nothing are done, any other is linted alone. A batch of one
 * has nothing to share.
 *
 * @param projects - the projects of the batch
 * @param batch - the workspace, and how many processes may run
 * @returns what {@link lint} is for one project
 */
export function lintShared(
  projects: readonly LintedProject[],
  { root, parallel }: { readonly root: string; readonly parallel: number },
): SharedLint {
  const ensureEnvironment = ensureEnvironmentOnce(root);
  const reports = new Map<string, Promise<ReadonlyMap<string, CleanReport>>>();
  const cleanOf = (
    environment: PythonEnvironment,
    { formatter }: LintOptions,
    work: LintWork,
  ): Promise<ReadonlyMap<string, CleanReport>> => {
    const key = `${work} ${formatter}`;
    const alike = projects.filter(
      (one) => one.work === work && one.formatter === formatter,
    );
    const known =
      reports.get(key) ??
      (alike.length < 2
        ? Promise.resolve(new Map<string, CleanReport>())
        : findCleanProjects(environment, {
            workspaceRoot: root,
            projectRoots: alike.map(({ projectRoot }) => projectRoot),
            formatter,
            work,
            parallel,
            timeout: Math.max(...alike.map(({ timeout }) => timeout)),
          })
      )
        // A tool that is missing, for instance: each project's own run says so.
        .catch(() => new Map<string, CleanReport>());
    reports.set(key, known);
    return known;
  };
  return {
    ensureEnvironment,
    lint: async (environment, options, work) => {
      const report = (await cleanOf(environment, options, work)).get(
        options.projectRoot,
      );
      if (report === undefined) return lint(environment, options, work);
      process.stdout.write(report.stdout);
      if (report.stderr !== '') process.stderr.write(report.stderr);
      return true;
    },
  };
}
