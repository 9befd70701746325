import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfPresent } from '../workspace/text-file';

/**
 * Takes out of pytest's reports what tells of a machine and of the time of day: they are outputs of a cached target, and
 * shared. Durations stay, for whoever looks for slow tests.
 *
 * @param reports - the folder of `coverage.json` and `junit.xml`, each of which may be missing: absolute path
 */
export function cleanReports(reports: string): void {
  for (const [name, clean] of [
    ['coverage.json', withoutTimestamp],
    ['junit.xml', withoutOrigin],
  ] as const) {
    const file = join(reports, name);
    const text = readTextIfPresent(file);
    if (text !== undefined) writeFileSync(file, clean(text));
  }
}

/** `meta.timestamp` of coverage.py, which writes compact JSON. */
function withoutTimestamp(text: string): string {
  const { meta, ...report } = JSON.parse(text) as {
    meta?: Record<string, unknown>;
  };
  const { timestamp: _, ...kept } = meta ?? {};
  return JSON.stringify({ meta: kept, ...report });
}

/** The attributes of the first `<testsuite>`, which is pytest's only one; in their values, `>` is escaped. */
function withoutOrigin(text: string): string {
  return text.replace(/<testsuite [^>]*>/, (tag) =>
    tag.replaceAll(/ (?:hostname|timestamp)="[^"]*"/g, ''),
  );
}
