/** What the description of an alias tells of its releases. */
export interface AliasHistory {
  /** The versions that the alias has had, the present one first. */
  readonly versions: readonly string[];
  /** The commit that the present version was made of. */
  readonly commit?: string;
  /** When the present version was released: ISO 8601, in UTC. */
  readonly time?: string;
}

// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html: at most 256 characters.
const MOST_CHARACTERS = 256;
const FORM =
  /^lambda-py: (?<versions>\d+(?: \d+)*)(?:; commit (?<commit>[0-9a-f]+\+?))?(?:; (?<time>\S+))?$/;

/**
 * Reads the history of an alias.
 *
 * The infrastructure's own deployments move an alias too, and leave its description as it was: the version that it has is
 * the newest then.
 *
 * @param description - the alias's description
 * @param version - the version that the alias has
 * @returns the history, which begins with that version
 */
export function readHistory(
  description: string,
  version: string,
): AliasHistory {
  const { versions, commit, time } = FORM.exec(description)?.groups ?? {};
  const known = versions?.split(' ') ?? [];
  if (known[0] !== version) {
    return {
      versions: [version, ...known].filter((one) => /^\d+$/.test(one)),
    };
  }
  return {
    versions: known,
    ...(commit === undefined ? {} : { commit }),
    ...(time === undefined ? {} : { time }),
  };
}

/**
 * Writes the history of an alias; the oldest versions are left out where there are too many.
 *
 * @param history - the history
 * @returns a description of at most 256 characters
 */
export function formatHistory(history: AliasHistory): string {
  const { commit, time } = history;
  // A release that comes again has the version in its history already.
  const versions = [...new Set(history.versions)];
  for (;;) {
    const text = [
      `lambda-py: ${versions.join(' ')}`,
      ...(commit === undefined ? [] : [`commit ${commit}`]),
      ...(time === undefined ? [] : [time]),
    ].join('; ');
    if (text.length <= MOST_CHARACTERS || versions.length <= 1) return text;
    versions.pop();
  }
}
