import { LambdaPyError } from '../workspace/errors';
import { normaliseProjectName } from '../workspace/names';

/** One requirement of a requirements.txt as uv exports it. */
export interface Requirement {
  /** PEP 503 name; none where a path stands in its place. */
  readonly name?: string;
  /** The pinned version; none for a requirement by URL or path. */
  readonly version?: string;
  /** What tells this distribution's content from any other's: its hashes, or the whole line where it has none. */
  readonly identity: string;
  /** The whole requirement on one line, marker and hashes included. */
  readonly line: string;
}

const NAME =
  /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]*\])?\s*(?:===?\s*(?<version>[^\s;,]+)|@\s)/;
const HASH = /--hash=(\S+)/g;

/**
 * Parses the requirements.txt of a locked closure. Options such as `--index-url` are uv's affair and are left out.
 *
 * @param text - the file's content
 * @param file - its path, for the error message
 * @returns its requirements, in the order of the file
 * @throws {@link LambdaPyError} when it asks for an editable installation, which no artifact can hold
 */
export function parseRequirements(text: string, file: string): Requirement[] {
  return logicalLines(text)
    .filter((line) => {
      if (/^(?:-e|--editable)\b/.test(line)) {
        throw new LambdaPyError({
          file,
          problem: 'the locked requirements ask for an editable installation',
          found: line,
          mend: 'make the package a member of the uv workspace, then run "nx sync"',
        });
      }
      return !line.startsWith('-');
    })
    .map(parseRequirement);
}

/** Lines without comments, with continuations joined: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
function logicalLines(text: string): string[] {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function parseRequirement(line: string): Requirement {
  const { name, version } = NAME.exec(line)?.groups ?? {};
  const hashes = Array.from(line.matchAll(HASH), ([, hash]) => hash).sort();
  return {
    ...(name === undefined ? {} : { name: normaliseProjectName(name) }),
    ...(version === undefined ? {} : { version }),
    identity: hashes.length === 0 ? line : hashes.join(' '),
    line,
  };
}

/**
 * Finds the requirement that an installed distribution came from. A name may be locked in several versions, one for
 * each marker; the installed version tells which of them applied.
 *
 * @param requirements - the closure
 * @param name - the distribution's PEP 503 name
 * @param version - its version
 * @returns the requirement; `undefined` where only a path can have brought the distribution in
 */
export function requirementOf(
  requirements: readonly Requirement[],
  name: string,
  version: string,
): Requirement | undefined {
  const sameName = requirements.filter((one) => one.name === name);
  return (
    sameName.find((one) => one.version === version) ??
    sameName.find((one) => one.version === undefined) ??
    (sameName.length === 1 ? sameName[0] : undefined)
  );
}
