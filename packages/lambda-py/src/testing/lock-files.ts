/** A `[[package]]` of a lock file. */
export interface LockedFixture {
  readonly name: string;
  readonly version?: string;
  /** `registry` when left out. */
  readonly source?: string;
  /** Lines below the source. */
  readonly lines?: readonly string[];
  /** The wheel's hash; none for a member. */
  readonly hash?: string;
  readonly index?: string;
}

/**
 * Writes a lock file as uv does.
 *
 * @param packages - the locked packages
 * @param manifest - lines of `[manifest]`
 * @returns the content of uv.lock
 */
export function lockText(
  packages: readonly LockedFixture[],
  manifest: readonly string[] = [],
): string {
  return [
    'version = 1',
    'requires-python = ">=3.11"',
    '',
    '[manifest]',
    ...manifest,
    ...packages.flatMap(
      ({
        name,
        version = '1.0',
        index = 'https://index.example/simple',
        source = `{ registry = "${index}" }`,
        lines = [],
        hash,
      }) => [
        '',
        '[[package]]',
        `name = "${name}"`,
        `version = "${version}"`,
        `source = ${source}`,
        ...(hash === undefined
          ? []
          : [
              `wheels = [{ url = "${index}/${name}.whl", hash = "sha256:${hash}" }]`,
            ]),
        ...lines,
      ],
    ),
    '',
  ].join('\n');
}
