/**
 * Adds entries to an ignore file; what stands there stays as it is.
 *
 * @param existing - the file; `undefined` where there is none
 * @param entries - the patterns to ignore
 * @returns the file with the entries that it lacked at its end
 */
export function addIgnoreEntries(
  existing: string | undefined,
  entries: readonly string[],
): string {
  const text = existing ?? '';
  const present = new Set(text.split(/\r?\n/).map(bare));
  const missing = entries.filter((entry) => !present.has(bare(entry)));
  if (missing.length === 0) return text;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${separator}${missing.join('\n')}\n`;
}

/** `/dist/`, `dist/` and `dist` ignore the same folder at the root. */
function bare(entry: string): string {
  return entry.trim().replace(/^\//, '').replace(/\/$/, '');
}
