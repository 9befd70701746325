import { LambdaPyError } from '../../workspace/errors';

/** What PyPI takes at most: https://packaging.python.org/en/latest/specifications/core-metadata/#summary */
const LONGEST_DESCRIPTION = 512;

/**
 * Checks the description of a new project.
 *
 * @param description - as the user typed it
 * @returns the description
 * @throws {@link LambdaPyError} when it is not one line of text
 */
export function checkedDescription(description: string): string {
  const isOneLine = !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(description);
  if (
    isOneLine &&
    description.trim() !== '' &&
    description.length <= LONGEST_DESCRIPTION
  ) {
    return description;
  }
  throw new LambdaPyError({
    location: '--description',
    problem: 'the description cannot be used',
    found: JSON.stringify(description),
    expected: `one line of text, ${LONGEST_DESCRIPTION} characters at most`,
    mend: 'choose another --description',
  });
}
