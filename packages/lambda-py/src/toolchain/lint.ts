import type { PythonEnvironment } from './environment';
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
}

/**
 * Checks a project's lint rules and format; both always run, so that one run shows all there is to mend.
 *
 * @param environment - holds the tools
 * @param options - what to check
 * @returns true when neither tool found anything
 */
export async function checkLint(
  environment: PythonEnvironment,
  options: LintOptions,
): Promise<boolean> {
  return runAll(environment, options, [
    ['ruff', 'check'],
    formatCommand(options.formatter, ['--check']),
  ]);
}

/**
 * Mends what ruff can mend and formats.
 *
 * @param environment - holds the tools
 * @param options - what to mend
 * @returns true when nothing is left to mend by hand
 */
export async function fixLint(
  environment: PythonEnvironment,
  options: LintOptions,
): Promise<boolean> {
  return runAll(environment, options, [
    ['ruff', 'check', '--fix'],
    formatCommand(options.formatter, []),
  ]);
}

/**
 * Sorts imports and formats, and changes nothing else.
 *
 * @param environment - holds the tools
 * @param options - what to format
 * @returns true when every file could be read
 */
export async function formatInPlace(
  environment: PythonEnvironment,
  options: LintOptions,
): Promise<boolean> {
  return runAll(environment, options, [
    ['ruff', 'check', '--select', 'I', '--fix'],
    formatCommand(options.formatter, []),
  ]);
}

function formatCommand(
  formatter: Formatter,
  args: readonly string[],
): readonly string[] {
  return formatter === 'black'
    ? ['black', ...args]
    : ['ruff', 'format', ...args];
}

async function runAll(
  environment: PythonEnvironment,
  { workspaceRoot, projectRoot }: LintOptions,
  commands: readonly (readonly string[])[],
): Promise<boolean> {
  let succeeded = true;
  for (const [tool = '', ...args] of commands) {
    const { exitCode } = await runTool(
      environment.executable(tool),
      [...args, '--', projectRoot],
      // From the root, where the shared settings stand.
      { workspaceRoot, cwd: workspaceRoot },
    );
    succeeded &&= exitCode === 0;
  }
  return succeeded;
}
