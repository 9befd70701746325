import { LambdaPyError } from '../workspace/errors';
import { markerHolds } from '../workspace/markers';
import { SYNC_COMMAND } from '../workspace/requirements';
import { markerEnvironment } from './platform';
import type { Target } from './platform';
import type { Requirement } from './requirements-list';

const HASH = /\s--hash=|[#&]sha(?:256|384|512)=/;
const MARKER = /\s;\s*(?<marker>.+?)(?:\s--hash=.*)?$/;

/**
 * Checks that the content of everything that is installed is locked. uv refuses the rest too, and does not say what can
 * be done.
 *
 * @param requirements - what is installed
 * @param file - where it stands, relative to the workspace root
 * @param target - what it is installed for: markers that do not hold for it are passed over, as uv does
 * @throws {@link LambdaPyError} that names each requirement without a hash, and no address, which may hold a token
 */
export function requireHashes(
  requirements: readonly Requirement[],
  file: string,
  target: Target,
): void {
  const environment = markerEnvironment(target);
  const without = requirements.filter(({ line }) => {
    const marker = MARKER.exec(line)?.groups?.['marker'];
    return (
      !HASH.test(line) &&
      (marker === undefined || markerHolds(marker, environment))
    );
  });
  if (without.length === 0) return;
  throw new LambdaPyError({
    file,
    problem: 'not all of the locked requirements have a hash',
    found: without.map(originOf).join('; '),
    expected:
      'distributions of an index that gives hashes, so that every pack installs the same',
    mend: `build a wheel into an index that gives hashes, or make it a member of the workspace; then "uv lock" and "${SYNC_COMMAND}"`,
  });
}

function originOf({ name = 'a path', line }: Requirement): string {
  if (/@\s*git\+/.test(line)) return `${name} is locked by git, which has none`;
  return line.includes(' @ ')
    ? `${name} is locked by URL without one`
    : `${name} is from an index that gives none`;
}
