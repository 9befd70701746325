import { join } from 'node:path';
import { passes, toolEnvironment } from './check';
import type { InfrastructureCheck } from './check';
import { INFRASTRUCTURE_FILES } from './tools';
import type { InfrastructureTools } from './tools';

/**
 * Checks templates with cfn-lint and with the rules that it lacks: least privilege, and that the function is the one that
 * `[tool.lambda-py]` describes and `pack` packed. Warnings are findings too.
 *
 * cfn-lint's own settings are the workspace's: `.cfnlintrc` at its root.
 *
 * @param check - the service
 * @param tools - the environment that holds cfn-lint
 * @param templates - the files, absolute or relative to the workspace root
 * @param ignored - rules that templates of this origin break as a matter of course
 * @returns true when nothing was found
 */
export function lintTemplates(
  { workspaceRoot, service }: InfrastructureCheck,
  tools: InfrastructureTools,
  templates: readonly string[],
  ignored: readonly string[] = [],
): Promise<boolean> {
  const { handler, runtime, architecture } = service;
  return passes(
    join(tools.executables, 'cfn-lint'),
    [
      ...['--append-rules', join(INFRASTRUCTURE_FILES, 'rules')],
      '--configure-rule',
      `E9102:handler=${handler}`,
      `E9102:runtime=${runtime.identifier}`,
      `E9102:architecture=${architecture}`,
      ...(ignored.length === 0 ? [] : ['--ignore-checks', ...ignored]),
      ...['--template', ...templates],
    ],
    { cwd: workspaceRoot, env: toolEnvironment(tools) },
  );
}
