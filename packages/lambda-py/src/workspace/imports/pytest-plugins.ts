/**
 * Lists the modules that pytest may import as plugins because a Python file has `pytest_plugins`: all that its strings may
 * name. How they get into the variable, only Python can tell.
 *
 * @param content - the file's text
 * @returns dotted names, each once
 */
export function pluginsOfModule(content: string): readonly string[] {
  if (!content.includes('pytest_plugins')) return [];
  return namesIn(
    [...content.matchAll(/(["'])(?<text>[\w., \t\x80-\uffff]+)\1/g)]
      .flatMap(({ groups }) => (groups?.['text'] ?? '').split(','))
      .map((name) => name.trim()),
  );
}

/**
 * Lists the modules that settings have pytest import as plugins: what stands behind `-p`.
 *
 * @param settings - the text of a settings file
 * @returns dotted names, each once
 */
export function pluginsOfSettings(settings: string): readonly string[] {
  return namesIn(
    [
      ...settings.matchAll(
        /(?<![\w-])-p(?:[\s"',=]|\\n)*(?<name>[\w.\x80-\uffff]+)/g,
      ),
    ].map(({ groups }) => groups?.['name'] ?? ''),
  );
}

function namesIn(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) =>
    /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(text),
  );
}
