import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The kinds of infrastructure code that are known. */
export type InfrastructureKind = 'sam' | 'cdk' | 'terraform';

/** The folder of a service that its infrastructure code stands in. */
export const INFRASTRUCTURE_FOLDER = 'infra';

/** The names that a SAM template is looked for by, as the SAM CLI does. */
export const SAM_TEMPLATES = ['template.yaml', 'template.yml'];

/**
 * Tells which kinds of infrastructure code a project has.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the project's folder, relative to the workspace root
 * @returns the kinds; none where there is no folder `infra`, or nothing in it is known
 */
export function infrastructureKindsOf(
  workspaceRoot: string,
  projectRoot: string,
): readonly InfrastructureKind[] {
  const folder = join(workspaceRoot, projectRoot, INFRASTRUCTURE_FOLDER);
  return existsSync(folder)
    ? infrastructureKindsAmong(readdirSync(folder))
    : [];
}

/**
 * Tells which kinds of infrastructure code a folder holds.
 *
 * @param files - the names of the folder's files
 * @returns the kinds
 */
export function infrastructureKindsAmong(
  files: readonly string[],
): readonly InfrastructureKind[] {
  const kinds: readonly (readonly [InfrastructureKind, boolean])[] = [
    ['sam', files.some((file) => SAM_TEMPLATES.includes(file))],
    ['cdk', files.includes('cdk.json')],
    ['terraform', files.some((file) => file.endsWith('.tf'))],
  ];
  return kinds.filter(([, isThere]) => isThere).map(([kind]) => kind);
}
