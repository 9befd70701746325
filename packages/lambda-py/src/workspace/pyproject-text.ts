import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from './errors';

/**
 * Reads the text of a pyproject.toml, without parsing it.
 *
 * @param workspaceRoot - absolute path
 * @param file - the file, relative to it
 * @returns its content
 * @throws {@link LambdaPyError} when the file cannot be read
 */
export function readPyprojectText(workspaceRoot: string, file: string): string {
  try {
    return readFileSync(join(workspaceRoot, file), 'utf8');
  } catch (error) {
    throw new LambdaPyError(
      {
        file,
        problem: 'the file cannot be read',
        found: (error as NodeJS.ErrnoException).code ?? String(error),
        mend: `make ${file} readable`,
      },
      { cause: error },
    );
  }
}
