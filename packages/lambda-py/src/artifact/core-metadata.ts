import { normaliseProjectName } from '../workspace/names';

/** What a bill of materials takes from a distribution's METADATA. */
export interface CoreMetadata {
  /** A licence expression of SPDX, where the distribution has one. */
  readonly licenseExpression?: string;
  /** Licences as the author names them. */
  readonly licenseNames: readonly string[];
  /** PEP 503 names of what it requires; what its extras require is left out. */
  readonly requires: readonly string[];
}

// A licence's name; some authors put its whole text there.
const LONGEST_LICENSE_NAME = 80;

/**
 * Parses a METADATA file.
 *
 * @param text - its content: https://packaging.python.org/en/latest/specifications/core-metadata/
 * @returns licence and requirements
 */
export function parseCoreMetadata(text: string): CoreMetadata {
  const [headers = ''] = text.replaceAll('\r\n', '\n').split('\n\n');
  const fields = (name: string): string[] =>
    Array.from(
      headers.matchAll(new RegExp(`^${name}:[ \\t]*(\\S.*)$`, 'gim')),
      ([, value = '']) => value.trim(),
    );
  const [licenseExpression] = fields('License-Expression');
  const classified = fields('Classifier')
    .filter((classifier) => classifier.startsWith('License :: '))
    .map((classifier) => classifier.split(' :: ').at(-1) ?? '')
    .filter((name) => name !== 'OSI Approved');
  const named = fields('License').filter(
    (name) => name.length <= LONGEST_LICENSE_NAME,
  );
  return {
    ...(licenseExpression === undefined ? {} : { licenseExpression }),
    licenseNames: classified.length > 0 ? classified : named,
    requires: fields('Requires-Dist')
      .filter((requirement) => !/;.*\bextra\s*==/.test(requirement))
      .flatMap(
        (requirement) => /^[A-Za-z0-9][\w.-]*/.exec(requirement)?.[0] ?? [],
      )
      .map((name) => normaliseProjectName(name.replace(/[._-]+$/, ''))),
  };
}
