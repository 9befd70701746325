import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LambdaPyError } from '../workspace/errors';
import { LOCAL_ENV_FILE } from '../workspace/left-out-files';

/**
 * Reads the variables that a function is invoked with, from a file of `KEY=VALUE` lines.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the service's folder, relative to it
 * @param file - relative to the workspace root; `local.env` of the service, where there is one, when left out
 * @returns the variables
 * @throws {@link LambdaPyError} when a file that was named cannot be read
 */
export function readEnvFile(
  workspaceRoot: string,
  projectRoot: string,
  file?: string,
): Record<string, string> {
  const path = file ?? join(projectRoot, LOCAL_ENV_FILE);
  if (file === undefined && !existsSync(join(workspaceRoot, path))) return {};
  let text: string;
  try {
    text = readFileSync(join(workspaceRoot, path), 'utf8');
  } catch (error) {
    throw new LambdaPyError(
      {
        file: path,
        problem: 'the file of environment variables cannot be read',
        found: (error as NodeJS.ErrnoException).code ?? String(error),
        mend: 'name a file of KEY=VALUE lines with --envFile',
      },
      { cause: error },
    );
  }
  return Object.fromEntries(
    Object.entries(parseEnv(text)).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
