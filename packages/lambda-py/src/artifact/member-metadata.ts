// The latest that all of the fields kept here are in: https://packaging.python.org/en/latest/specifications/core-metadata/
const METADATA_VERSION = 'Metadata-Version: 2.4';

// What a backend says of its own accord: the next version of it says more, of the same project.
const OF_BACKEND = /^(?:Dynamic|Import-Name|Import-Namespace):/i;

/**
 * The METADATA of a workspace member without what follows the version of its build backend and not its sources.
 *
 * Nothing locks a backend: of the same project, hatchling 1.18 writes `Metadata-Version: 2.1` and hatchling 1.33 writes
 * 2.5, and setuptools 80 adds `Dynamic` fields. The bytes of an artifact are not to change with that.
 *
 * @param metadata - the file as the backend wrote it
 * @returns the same fields and the same description, under one version of the format
 */
export function normaliseMemberMetadata(metadata: string): string {
  const text = metadata.replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  const headers = end < 0 ? text.trimEnd() : text.slice(0, end);
  const kept = headers
    // A line that starts with a space goes on with the field above it.
    .split(/\n(?![ \t])/)
    .filter((field) => !OF_BACKEND.test(field))
    .map((field) =>
      /^Metadata-Version:/i.test(field) ? METADATA_VERSION : field,
    );
  const description = end < 0 ? '' : text.slice(end + 1).trimEnd();
  return `${kept.join('\n')}\n${description === '' ? '' : `${description}\n`}`;
}
