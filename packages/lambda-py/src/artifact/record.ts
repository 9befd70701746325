/** A line of a RECORD. */
export interface RecordedFile {
  /** Relative to the installation folder, with `/`. */
  readonly path: string;
  /** The hash algorithm's name, as `sha256`; none where the line has no hash. */
  readonly algorithm?: string;
  /** The hash in URL-safe base64 without padding. */
  readonly hash?: string;
}

/**
 * Parses the RECORD of an installed distribution.
 *
 * @param text - the file's content:
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 * @returns the files it lists
 */
export function parseRecord(text: string): RecordedFile[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const [path = '', hash = ''] = csvFields(line);
      const [algorithm, value] = hash.split(/=(.*)/s);
      return {
        path: path.replaceAll('\\', '/'),
        ...(algorithm === undefined || value === undefined
          ? {}
          : { algorithm, hash: value }),
      };
    });
}

function csvFields(line: string): string[] {
  return Array.from(
    line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
