import type { ListedVersion } from './rollback';

const HEADER = ['version', '', 'commit', 'time', 'CodeSha256'];

/**
 * Shows versions as a table.
 *
 * @param versions - the versions, in order
 * @returns a line for each under a header; one line where there are none
 */
export function formatVersions(versions: readonly ListedVersion[]): string {
  if (versions.length === 0) return 'no version is published';
  const rows = [
    HEADER,
    ...versions.map(
      ({ version, standing, commit = '', lastModified, codeSha256 }) => [
        version,
        standing,
        commit,
        lastModified.replace(/\.\d+.*$/, 'Z'),
        codeSha256.slice(0, 12),
      ],
    ),
  ];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
