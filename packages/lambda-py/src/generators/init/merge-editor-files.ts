import { applyEdits, modify, parse } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { LambdaPyError } from '../../workspace/errors';

const FORMATTING = {
  formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' },
};

/**
 * Adds to a settings file the settings that it lacks. What the user has set stays, comments included.
 *
 * @param existing - the file's text; `undefined` where there is none
 * @param settings - what it should have
 * @param file - its name, for the error message
 * @returns the completed text
 * @throws {@link LambdaPyError} when the file is no object of JSON with comments
 */
export function mergeSettings(
  existing: string | undefined,
  settings: Readonly<Record<string, unknown>>,
  file: string,
): string {
  let text = existing ?? '{}\n';
  const found = objectOf(text, file);
  for (const [key, value] of Object.entries(settings)) {
    if (key in found) continue;
    text = applyEdits(text, modify(text, [key], value, FORMATTING));
  }
  return text;
}

/**
 * Adds to an extensions.json the recommendations that it lacks and does not warn of.
 *
 * @param existing - the file's text; `undefined` where there is none
 * @param extensions - identifiers of extensions
 * @param file - its name, for the error message
 * @returns the completed text
 * @throws {@link LambdaPyError} when the file is no object of JSON with comments
 */
export function mergeRecommendations(
  existing: string | undefined,
  extensions: readonly string[],
  file: string,
): string {
  let text = existing ?? '{}\n';
  const found = objectOf(text, file);
  const listed = (key: string): readonly string[] => {
    const value = found[key];
    return Array.isArray(value) ? value.map(String) : [];
  };
  const known = new Set(
    [...listed('recommendations'), ...listed('unwantedRecommendations')].map(
      (name) => name.toLowerCase(),
    ),
  );
  const missing = extensions.filter((name) => !known.has(name));
  if (missing.length === 0) return text;
  if (!Array.isArray(found['recommendations'])) {
    return applyEdits(
      text,
      modify(text, ['recommendations'], missing, FORMATTING),
    );
  }
  let count = listed('recommendations').length;
  for (const name of missing) {
    const path = ['recommendations', count++];
    const options = { ...FORMATTING, isArrayInsertion: true };
    text = applyEdits(text, modify(text, path, name, options));
  }
  return text;
}

function objectOf(
  text: string,
  file: string,
): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (errors.length === 0 && isObject) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new LambdaPyError({
    file,
    location: `line ${text.slice(0, errors[0]?.offset ?? 0).split('\n').length}`,
    problem: 'nothing can be added to the file as it is written',
    expected: 'an object of JSON, with comments or without',
    mend: `edit ${file}, or remove it and run "nx g lambda-py:init"`,
  });
}
