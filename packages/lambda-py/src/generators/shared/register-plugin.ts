import type { Tree } from '@nx/devkit';
import { readNxJson } from '@nx/devkit';
import { applyEdits, modify } from 'jsonc-parser';

/**
 * Registers the plugin in nx.json, whose comments and order stay.
 *
 * @param tree - the workspace
 */
export function registerPlugin(tree: Tree): void {
  const plugins = readNxJson(tree)?.plugins ?? [];
  const isRegistered = plugins.some(
    (plugin) =>
      (typeof plugin === 'string' ? plugin : plugin.plugin) === 'lambda-py',
  );
  if (isRegistered) return;
  const text = tree.read('nx.json', 'utf8') ?? '{}';
  const edits = modify(text, ['plugins', plugins.length], 'lambda-py', {
    isArrayInsertion: true,
    formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' },
  });
  tree.write('nx.json', applyEdits(text, edits));
}
