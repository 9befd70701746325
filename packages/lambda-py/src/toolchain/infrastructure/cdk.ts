import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LambdaPyError } from '../../workspace/errors';
import { INFRASTRUCTURE_FOLDER } from '../../workspace/infrastructure';
import { extendPath } from '../../workspace/search-path';
import { passes, toolEnvironment } from './check';
import type { InfrastructureCheck } from './check';
import { lintTemplates } from './cloudformation';
import { ensureInfrastructureTools } from './tools';

/**
 * Checks a service's CDK app with `cdk synth`, in which the app itself runs cdk-nag, and what was synthesised with
 * cfn-lint.
 *
 * @param check - the service
 * @returns true when nothing was found
 * @throws {@link LambdaPyError} when the workspace has no CDK toolkit 2
 */
export async function checkCdk(check: InfrastructureCheck): Promise<boolean> {
  const { workspaceRoot, service } = check;
  const toolkit = findCdkToolkit(workspaceRoot);
  const libraries = await ensureInfrastructureTools(workspaceRoot, 'cdk');
  const linter = await ensureInfrastructureTools(workspaceRoot, 'sam');
  const output = mkdtempSync(join(tmpdir(), 'lambda-py-cdk-'));
  try {
    const isSynthesised = await passes(
      process.execPath,
      [
        ...[toolkit, 'synth', '--quiet', '--strict'],
        ...['--no-notices', '--no-lookups', '--output', output],
      ],
      {
        cwd: join(workspaceRoot, service.projectRoot, INFRASTRUCTURE_FOLDER),
        env: cdkEnvironment(toolEnvironment(libraries)),
      },
    );
    if (!isSynthesised) return false;
    const templates = readdirSync(output, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => join(output, file));
    // CDK states every dependency.
    return await lintTemplates(check, linter, templates, ['W3005']);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/**
 * What the CDK's toolkit and its libraries need of their environment.
 *
 * @param env - has the folder of the libraries' executables on its PATH
 * @returns a copy
 */
export function cdkEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    // The libraries run in a Node of their own choice, which is the first one on PATH.
    ...extendPath(env, { last: dirname(process.execPath) }),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Its libraries warn of the Node that they run in, at length.
    JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
    JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
    NODE_NO_WARNINGS: '1',
  };
}

/**
 * Finds the CDK toolkit, which is an npm package of the workspace's.
 *
 * @param workspaceRoot - absolute path
 * @returns the path of its script
 * @throws {@link LambdaPyError} when the workspace has none, or not version 2
 */
export function findCdkToolkit(workspaceRoot: string): string {
  const manifest = 'aws-cdk/package.json';
  const require = createRequire(join(workspaceRoot, 'package.json'));
  let found: string | undefined;
  try {
    const path = require.resolve(manifest);
    const { version } = require(path) as { version: string };
    if (version.startsWith('2.')) return join(dirname(path), 'bin', 'cdk');
    found = `aws-cdk ${version}`;
  } catch {
    found = 'no package aws-cdk';
  }
  throw new LambdaPyError({
    file: 'package.json',
    problem: 'the workspace has no CDK toolkit that can be used',
    found,
    expected: 'aws-cdk, version 2, among the devDependencies',
    mend: 'npm install --save-dev aws-cdk@^2',
  });
}
