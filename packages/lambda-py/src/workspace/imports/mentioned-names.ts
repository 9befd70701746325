/** `from a.b import`, all on one line and in ASCII: what follows are no modules, but what the module holds. */
const FROM_IMPORT = String.raw`\bfrom[ \t\f]+(?<module>[.\w][.\w \t\f]*?)[ \t\f.]import\b`;

/** Any other `import` or `from`, to the end of its logical line. */
const STATEMENT = String.raw`\b(?:import|from)\b(?<rest>(?:[^\n\\]|\\(?:\r\n|[^]))*)`;

/** A top-level name: no dot stands before it. What is beyond ASCII may be a letter. */
const TOP_LEVEL_NAME =
  /(?<![.\w\x80-\uffff])[A-Za-z_\x80-\uffff][\w\x80-\uffff]*/g;

/**
 * Lists every top-level module that a Python file may import: all that it does import, and a few names more, for
 * instance of a comment that says "import".
 *
 * This spares the parser the files that cannot be of interest. It never misses an `import` statement: a statement
 * begins with `import` or `from` and names its modules on the same logical line, without parentheses.
 *
 * @param content - the file's text
 * @returns names in the form that Python compares (NFKC), each once, in the order of their first mention
 */
export function mentionedNames(content: string): readonly string[] {
  const names = new Set<string>();
  const pattern = new RegExp(`${FROM_IMPORT}|${STATEMENT}`, 'g');
  for (const { groups } of content.matchAll(pattern)) {
    const text = groups?.['module'] ?? groups?.['rest'] ?? '';
    const found = text.match(TOP_LEVEL_NAME) ?? [];
    for (const name of groups?.['module'] === undefined
      ? found
      : text.startsWith('.')
        ? []
        : found.slice(0, 1)) {
      names.add(/[\x80-\uffff]/.test(name) ? name.normalize('NFKC') : name);
    }
  }
  return [...names];
}
