import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INFRASTRUCTURE_FILES } from '../toolchain/infrastructure/tools';
import type { InfrastructureTools } from '../toolchain/infrastructure/tools';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import type { DeployedProject } from './template-deployment';

/** A resource of a CloudFormation template. */
interface Resource {
  readonly Type?: string;
  UpdatePolicy?: Record<string, unknown>;
  DependsOn?: string | readonly string[];
}

/**
 * Takes out of a template what the emulator lacks: CodeDeploy, so that aliases move at once.
 *
 * @param template - a CloudFormation template, which is changed
 */
export function withoutCodeDeploy(template: {
  readonly Resources?: Record<string, Resource>;
}): void {
  const resources = template.Resources ?? {};
  const removed = Object.entries(resources)
    .filter(([, { Type }]) => Type?.startsWith('AWS::CodeDeploy::'))
    .map(([name]) => name);
  for (const name of removed) Reflect.deleteProperty(resources, name);
  for (const resource of Object.values(resources)) {
    delete resource.UpdatePolicy?.['CodeDeployLambdaAliasUpdate'];
    if (Object.keys(resource.UpdatePolicy ?? { some: true }).length === 0) {
      delete resource.UpdatePolicy;
    }
    const dependsOn = [resource.DependsOn ?? []].flat();
    const kept = dependsOn.filter((name) => !removed.includes(name));
    if (kept.length === dependsOn.length) continue;
    if (kept.length > 0) resource.DependsOn = kept;
    else delete resource.DependsOn;
  }
}

/**
 * Takes out of every template of a synthesised CDK app what the emulator lacks.
 *
 * @param folder - the cloud assembly
 */
export function stripAssembly(folder: string): void {
  const templates = readdirSync(folder, {
    recursive: true,
    encoding: 'utf8',
  }).filter((file) => file.endsWith('.template.json'));
  for (const file of templates) {
    const path = join(folder, file);
    const template = JSON.parse(readFileSync(path, 'utf8')) as Parameters<
      typeof withoutCodeDeploy
    >[0];
    withoutCodeDeploy(template);
    writeFileSync(path, JSON.stringify(template, undefined, 1));
  }
}

/**
 * Writes a copy of a SAM template, without what the emulator lacks, and with absolute paths.
 *
 * @param workspaceRoot - absolute path
 * @param project - whose it is
 * @param template - the template's absolute path
 * @param tools - the environment that holds the SAM CLI, which reads the template
 * @returns the copy's absolute path, in the workspace's cache
 * @throws {@link LambdaPyError} when the template is none
 */
export async function localSamTemplate(
  workspaceRoot: string,
  project: DeployedProject,
  template: string,
  tools: InfrastructureTools,
): Promise<string> {
  const copy = join(
    makeCacheFolder(workspaceRoot, 'emulator'),
    `${project.projectName}.template.json`,
  );
  const { exitCode, stderr } = await runProcess(
    join(
      tools.executables,
      process.platform === 'win32' ? 'python.exe' : 'python',
    ),
    [join(INFRASTRUCTURE_FILES, 'emulator_template.py'), template, copy],
    { cwd: workspaceRoot },
  );
  if (exitCode === 0) return copy;
  throw new LambdaPyError({
    file: template,
    problem: 'the template cannot be read',
    found: stderr.trim().split(/\r?\n/).slice(-3).join('\n'),
    mend: `correct it, then run ${project.projectName}:deploy again`,
  });
}
