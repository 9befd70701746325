import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  INFRASTRUCTURE_FOLDER,
  SAM_TEMPLATES,
} from '../../workspace/infrastructure';
import { passes, toolEnvironment } from './check';
import type { InfrastructureCheck } from './check';
import { lintTemplates } from './cloudformation';
import { ensureInfrastructureTools } from './tools';

/**
 * Checks a service's SAM template with cfn-lint and with `sam validate`, both: each misses what the other finds. Nothing
 * leaves the machine.
 *
 * @param check - the service
 * @returns true when neither found anything
 */
export async function checkSam(check: InfrastructureCheck): Promise<boolean> {
  const { workspaceRoot, service } = check;
  const tools = await ensureInfrastructureTools(workspaceRoot, 'sam');
  const folder = join(service.projectRoot, INFRASTRUCTURE_FOLDER);
  const templates = SAM_TEMPLATES.map((name) => join(folder, name)).filter(
    (file) => existsSync(join(workspaceRoot, file)),
  );
  const isClean = await lintTemplates(check, tools, templates);
  const validity = [];
  for (const template of templates) {
    validity.push(
      await passes(
        join(tools.executables, 'sam'),
        ['validate', '--template', template, '--region', 'us-east-1'],
        {
          cwd: workspaceRoot,
          env: toolEnvironment(tools),
          noise: /not available in Feature Toggle Config/,
        },
      ),
    );
  }
  return isClean && validity.every(Boolean);
}
