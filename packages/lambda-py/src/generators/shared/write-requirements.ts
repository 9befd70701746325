import type { Tree } from '@nx/devkit';
import { renderDirectRequirements } from '../../workspace/direct-requirements-file';
import { requireAgreement } from '../../workspace/requirements-agreement';
import type { RequirementForms } from '../../workspace/requirements-agreement';
import { exportIntoTree } from './export-requirements';
import type { OutdatedRequirements } from './requirements-plan';

/**
 * Writes into the tree what is not true to the lock file: exports of it, and what they are made from for pip-tools.
 *
 * @param tree - the workspace
 * @param outdated - what is to be written
 * @param cwd - a copy of the workspace that holds its lock file and pyproject files, when it is not the tree's: absolute
 * path
 * @throws {@link LambdaPyError} when uv cannot export, or both forms of a member's requirements do not agree; the tree is
 * not to be written then
 */
export async function writeRequirements(
  tree: Tree,
  { locked, direct, changed, requiresPython }: OutdatedRequirements,
  cwd?: string,
): Promise<void> {
  await exportIntoTree(tree, locked, cwd);
  for (const { file, requirements } of direct) {
    tree.write(file, renderDirectRequirements(requirements));
  }
  // Services that ask for the same are one question, which takes a fifth of a second.
  const questions = new Map<string, RequirementForms>();
  for (const file of changed) {
    const forms = {
      file,
      direct: tree.read(file, 'utf8') ?? '',
      locked: tree.read(file.replace(/\.in$/, '.txt'), 'utf8') ?? '',
    };
    const key = JSON.stringify([
      withoutComments(forms.direct),
      withoutComments(forms.locked),
    ]);
    if (!questions.has(key)) questions.set(key, forms);
  }
  for (const forms of questions.values()) {
    await requireAgreement(forms, {
      workspaceRoot: tree.root,
      cwd: cwd ?? tree.root,
      requiresPython,
    });
  }
}

function withoutComments(requirements: string): string {
  return requirements.replaceAll(/(?:^|[^\S\n]+)#.*$/gm, '');
}
