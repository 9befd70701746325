import { compares, releaseOf } from './python-specifier';

/** What the variables of a marker stand for, for instance `sys_platform` for `linux`. */
export type MarkerEnvironment = Readonly<Record<string, string>>;

const TOKEN =
  /\s*(?:(?<punctuation>[()])|(?<operator>~=|===?|!=|<=|>=|<|>|not\s+in\b|in\b)|(?<joint>and\b|or\b)|(?<variable>[A-Za-z_][\w.]*)|'(?<single>[^']*)'|"(?<double>[^"]*)")/y;

const PYTHON_VERSIONS: readonly string[] = [
  'python_version',
  'python_full_version',
];

type Token = Readonly<Record<string, string | undefined>>;

interface Operand {
  readonly variable?: string;
  /** None for a variable that is not known. */
  readonly value?: string;
}

/**
 * Judges an environment marker of uv.lock, whose grammar is that of
 * https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
 *
 * npm has no library for it. What is not known holds, be it a variable or a whole marker: it is then packed. Since a
 * marker knows no negation, more is packed for it and never less.
 *
 * @param marker - for instance `python_full_version < '3.12' and sys_platform == 'linux'`
 * @param environment - what the variables stand for
 * @returns false only where that is certain
 */
export function markerHolds(
  marker: string,
  environment: MarkerEnvironment,
): boolean {
  const tokens = tokensOf(marker);
  if (tokens === undefined) return true;
  let position = 0;
  const next = (): Token => tokens[position++] ?? {};
  const takeJoint = (joint: string): boolean => {
    const isNext = tokens[position]?.['joint'] === joint;
    if (isNext) position++;
    return isNext;
  };
  const alternatives = (): boolean => {
    let holds = conditions();
    while (takeJoint('or')) holds = conditions() || holds;
    return holds;
  };
  const conditions = (): boolean => {
    let holds = condition();
    while (takeJoint('and')) holds = condition() && holds;
    return holds;
  };
  const condition = (): boolean => {
    const first = next();
    if (first['punctuation'] === '(') {
      const holds = alternatives();
      if (next()['punctuation'] !== ')') throw new UnknownMarker();
      return holds;
    }
    const { operator } = next();
    if (operator === undefined) throw new UnknownMarker();
    return comparisonHolds(
      operandOf(first, environment),
      operator.replace(/\s+/, ' '),
      operandOf(next(), environment),
    );
  };
  try {
    const holds = alternatives();
    return holds || position < tokens.length;
  } catch (error) {
    if (error instanceof UnknownMarker) return true;
    throw error;
  }
}

class UnknownMarker extends Error {}

function tokensOf(marker: string): readonly Token[] | undefined {
  const text = marker.trim();
  const pattern = new RegExp(TOKEN);
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return undefined;
    tokens.push(groups);
  }
  return tokens;
}

function operandOf(
  { variable, single, double }: Token,
  environment: MarkerEnvironment,
): Operand {
  const literal = single ?? double;
  if (literal !== undefined) return { value: literal };
  if (variable === undefined) throw new UnknownMarker();
  const value = environment[variable];
  return { variable, ...(value === undefined ? {} : { value }) };
}

const REVERSED: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

function comparisonHolds(
  left: Operand,
  operator: string,
  right: Operand,
): boolean {
  if (left.value === undefined || right.value === undefined) return true;
  if (PYTHON_VERSIONS.includes(left.variable ?? '')) {
    return versionHolds(left.value, operator, right.value);
  }
  if (PYTHON_VERSIONS.includes(right.variable ?? '')) {
    return versionHolds(right.value, REVERSED[operator] ?? '', left.value);
  }
  switch (operator) {
    case '==':
      return left.value === right.value;
    case '!=':
      return left.value !== right.value;
    case 'in':
      return right.value.includes(left.value);
    case 'not in':
      return !right.value.includes(left.value);
    default:
      return true;
  }
}

function versionHolds(
  version: string,
  operator: string,
  operand: string,
): boolean {
  const release = releaseOf(version);
  return (
    release === undefined || (compares(release, operator, operand) ?? true)
  );
}
