import type { PythonEnvironment } from './environment';
import { explainEnd } from './explain-end';
import { runTool } from './run-tool';

/** The tool that formats. */
export type Formatter = 'black' | 'ruff';

/** What is linted or formatted, and how. */
export interface LintOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root. */
  readonly projectRoot: string;
  readonly formatter: Formatter;
  /** After how many seconds each of the tools is stopped. */
  readonly timeout: number;
}

/** What is done to a project: `fix` mends what can be mended, `format` sorts imports and formats alone. */
export type LintWork = 'check' | 'fix' | 'format';

/**
 * `ruff format` also formats Python in Markdown, which is no input of the targets. This is added to what the settings
 * exclude.
 */
export const PYTHON_ALONE = ['--config', 'extend-exclude = ["*.md"]'] as const;

/**
 * Whether an import is first or third party, and so where it is sorted, depends on which modules there are beside the
 * file; ruff's cache knows the file and the settings alone. `ruff format` and black look at nothing else.
 */
const RUFF_CHECK = ['ruff', 'check', '--no-cache'] as const;

type Command = readonly [tool: string, ...args: string[]];

/**
 * The commands that lint or format, without the project's folder.
 *
 * @param work - what is done
 * @param formatter - the tool that formats
 * @returns ruff's command, then the formatter's
 */
export function lintCommands(
  work: LintWork,
  formatter: Formatter,
): readonly [Command, Command] {
  const format: Command =
    formatter === 'black' ? ['black'] : ['ruff', 'format', ...PYTHON_ALONE];
  return [
    {
      check: RUFF_CHECK,
      fix: [...RUFF_CHECK, '--fix'] as const,
      format: [...RUFF_CHECK, '--select', 'I', '--fix'] as const,
    }[work],
    work === 'check' ? [...format, '--check'] : format,
  ];
}

/**
 * Checks a project's lint rules and format, or mends them; both tools always run, so that one run shows all there is to
 * mend.
 *
 * @param environment - holds the tools
 * @param options - what to lint
 * @param work - what is done
 * @returns true when neither tool found anything, or nothing is left to mend by hand
 */
export async function lint(
  environment: PythonEnvironment,
  { workspaceRoot, projectRoot, formatter, timeout }: LintOptions,
  work: LintWork,
): Promise<boolean> {
  let succeeded = true;
  for (const [tool, ...args] of lintCommands(work, formatter)) {
    const result = await runTool(
      environment.executable(tool),
      [...args, '--', projectRoot],
      // From the root, where the shared settings stand.
      { workspaceRoot, cwd: workspaceRoot, timeoutMs: timeout * 1000 },
    );
    explainEnd(tool, result, { seconds: timeout, option: 'timeout' });
    succeeded &&= result.exitCode === 0;
  }
  return succeeded;
}
