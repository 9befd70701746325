import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Workspace } from './workspace';

/**
 * A PATH without a terraform: one that is installed need not have a provider, and then finds that it can check nothing.
 *
 * @param workspace - beside it stands a folder with the rest of what a folder on PATH may hold: node
 */
export function pathWithoutTerraform(workspace: Workspace): string {
  const bin = join(workspace.root, '..', 'bin');
  if (!existsSync(bin)) {
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [
    bin,
    ...folders.filter((folder) => !existsSync(join(folder, 'terraform'))),
  ].join(delimiter);
}
