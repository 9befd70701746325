import type { Tree } from '@nx/devkit';
import { readNxJson } from '@nx/devkit';
import { applyEdits, modify } from 'jsonc-parser';

const FORMATTING = {
  formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' },
};

/**
 * Registers the plugin in nx.json, whose comments and order stay.
 *
 * The named inputs `production`, Nx's convention, and `types`, what a type checker reads, are added where they are
 * missing: a Python project may depend on a project of another kind, and Nx refuses a named input that the latter does
 * not have.
 *
 * @param tree - the workspace
 * @returns true where it had not been registered before
 */
export function registerPlugin(tree: Tree): boolean {
  const { plugins = [], namedInputs } = readNxJson(tree) ?? {};
  const isRegistered = plugins.some(
    (plugin) =>
      (typeof plugin === 'string' ? plugin : plugin.plugin) === 'lambda-py',
  );
  const original = tree.read('nx.json', 'utf8') ?? '{}';
  let text = original;
  for (const [name, input] of [
    ['production', 'default'],
    ['types', 'production'],
  ] as const) {
    if (namedInputs?.[name] !== undefined) continue;
    text = applyEdits(
      text,
      modify(text, ['namedInputs', name], [input], FORMATTING),
    );
  }
  if (!isRegistered) {
    text = applyEdits(
      text,
      modify(text, ['plugins', plugins.length], 'lambda-py', {
        ...FORMATTING,
        isArrayInsertion: true,
      }),
    );
  }
  if (text !== original) tree.write('nx.json', text);
  return !isRegistered;
}
