import { LambdaPyError } from './errors';
import { LOCK_FILE } from './lock-text';

/** A requirement as uv.lock keeps it from a pyproject.toml, be it of a project, an extra or a group. */
export interface DeclaredRequirement {
  readonly name: string;
  readonly extras?: readonly string[];
  readonly specifier?: string;
  readonly marker?: string;
  /** The address of a git repository, with what is checked out in its query. */
  readonly git?: string;
  /** The address of an archive. */
  readonly url?: string;
  readonly [key: string]: unknown;
}

// uv writes the condition of an extra last: `(a or b) and extra == 'http'`.
const EXTRA = /(?:^| and )extra == '(?<extra>[^']+)'$/;

/**
 * Splits the marker of a requirement into the extra that it belongs to and the rest.
 *
 * @param requirement - as uv.lock has it
 * @returns the extra, if it is one's, and the marker that is left, if any
 * @throws {@link LambdaPyError} for a marker that names an extra in another way
 */
export function withoutExtra(requirement: DeclaredRequirement): {
  readonly extra?: string;
  readonly marker?: string;
} {
  const { marker } = requirement;
  if (marker === undefined) return {};
  const extra = EXTRA.exec(marker)?.groups?.['extra'];
  const rest = marker.replace(EXTRA, '').replace(/^\(([^()]*)\)$/, '$1');
  if (/\bextra\b/.test(rest)) {
    throw unknownTo(requirement, `marker = "${marker}"`);
  }
  return {
    ...(extra === undefined ? {} : { extra }),
    ...(rest === '' ? {} : { marker: rest }),
  };
}

/**
 * Writes a requirement as pip reads it, its marker left out.
 *
 * @param requirement - as uv.lock has it
 * @returns for instance `httpx[http2]>=0.27`
 * @throws {@link LambdaPyError} for one that stands for a file or a folder of this machine
 */
export function requirementText(requirement: DeclaredRequirement): string {
  const { name, extras = [], specifier = '', git, url } = requirement;
  const subject = extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
  if (git !== undefined) return `${subject} @ git+${gitReference(git)}`;
  if (url !== undefined) return `${subject} @ ${url}`;
  for (const key of ['path', 'directory', 'editable', 'virtual']) {
    const place = requirement[key];
    if (typeof place === 'string') {
      throw unknownTo(requirement, `${key} = "${place}"`);
    }
  }
  return `${subject}${specifier}`;
}

/** https://pip.pypa.io/en/stable/topics/vcs-support/ */
function gitReference(address: string): string {
  const url = new URL(address);
  const { searchParams: query } = url;
  const commitish = ['rev', 'tag', 'branch']
    .map((key) => query.get(key))
    .find((value) => value !== null);
  const folder = query.get('subdirectory');
  url.search = '';
  url.hash = '';
  return [
    url.href,
    commitish === undefined ? '' : `@${commitish}`,
    folder === null ? '' : `#subdirectory=${folder}`,
  ].join('');
}

function unknownTo({ name }: DeclaredRequirement, found: string) {
  return new LambdaPyError({
    file: LOCK_FILE,
    location: `requirement ${name}`,
    problem: 'the requirement cannot be written into a requirements.in',
    found,
    expected: 'a distribution of an index, a git repository or a URL',
    mend: 'make it a member of the workspace, or remove "pip-tools" from [tool.lambda-py] in pyproject.toml',
  });
}
