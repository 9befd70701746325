import type { Tree } from '@nx/devkit';
import { logger, readNxJson } from '@nx/devkit';
import { join } from 'node:path';
import { normalisePluginOptions } from '../../graph/plugin-options';
import type { PluginOptions } from '../../graph/plugin-options';
import { LambdaPyError } from '../../workspace/errors';
import { findPython } from '../../workspace/python';
import { UV_VERSION } from '../../workspace/uv';
import { writeMissingFiles } from '../shared/write-files';
import { packageManagerOf } from './package-manager';
import { runtimePythons } from './runtime-pythons';
import type { CiGeneratorSchema } from './schema';
import { indent, installScript, setUpScript, shellString } from './shell';

/** The files that each provider reads, relative to the workspace root. */
const FILES = {
  github: [
    '.github/actions/set-up/action.yml',
    '.github/workflows/ci.yml',
    '.github/workflows/audit.yml',
  ],
  gitlab: ['.gitlab-ci.yml'],
  bamboo: ['bamboo-specs/bamboo.yaml'],
} as const;

/**
 * Adds pipelines that run the gates of what a change affects.
 *
 * @param tree - the workspace
 * @param options - see schema.json
 * @throws {@link LambdaPyError} when an option cannot be used; nothing is written then
 */
export default async function ciGenerator(
  tree: Tree,
  options: CiGeneratorSchema,
): Promise<void> {
  const stages = stagesOf(options.stages ?? 'prod');
  const mainBranch = branchOf(
    options.mainBranch ?? readNxJson(tree)?.defaultBase ?? 'main',
  );
  const packageManager = packageManagerOf(tree.root);
  const { version } = await findPython(tree.root);
  const pythonVersion =
    tree.read('.python-version', 'utf8')?.trim() ??
    version.split('.').slice(0, 2).join('.');
  const pythonVersions = await runtimePythons(tree, pythonVersion);
  const scripts = { packageManager, pythonVersions, uvVersion: UV_VERSION };
  for (const file of FILES[options.provider].filter((one) =>
    tree.exists(one),
  )) {
    logger.info(`${file} is there already and stays as it is.`);
  }
  writeMissingFiles(tree, join(__dirname, 'files', options.provider), '.', {
    ...scripts,
    indent,
    shellString,
    stages,
    mainBranch,
    pythonVersion,
    targets: targetsOf(tree),
    projectKey: 'LAMBDA',
    setUp: setUpScript({ ...scripts, mainBranch }),
    install: installScript(scripts),
  });
}

/** The names that nx.json gives to the targets. */
function targetsOf(tree: Tree): Readonly<Record<string, string>> {
  const plugin = (readNxJson(tree)?.plugins ?? []).find(
    (one) => typeof one !== 'string' && one.plugin === 'lambda-py',
  );
  const { options } = normalisePluginOptions(
    typeof plugin === 'object'
      ? (plugin.options as PluginOptions | undefined)
      : undefined,
  );
  return {
    gates: `${options.lintTargetName} ${options.typecheckTargetName} ${options.testTargetName}`,
    audit: options.auditTargetName,
    artifacts: `${options.packTargetName} ${options.validateTargetName}`,
    deploy: options.deployTargetName,
  };
}

// What YAML, a shell and the providers take as it is, and an Nx configuration may be called.
const STAGE = /^[A-Za-z][A-Za-z0-9_-]*$/;
// https://git-scm.com/docs/git-check-ref-format, and no more than any branch in practice has.
const BRANCH = /^(?!.*(?:\.\.|\/\/|@\{))[\w][\w./-]*$/;

function stagesOf(text: string): readonly string[] {
  const stages = text
    .split(',')
    .map((stage) => stage.trim())
    .filter((stage) => stage !== '');
  const wrong =
    stages.find((stage) => !STAGE.test(stage)) ??
    stages.find((stage, index) => stages.indexOf(stage) !== index);
  if (wrong === undefined) return stages;
  throw new LambdaPyError({
    problem: 'the option "stages" does not name stages',
    found: wrong,
    expected:
      'different names of letters, digits, "-" and "_", separated by commas, such as "staging,prod"',
    mend: 'nx g lambda-py:ci --stages=staging,prod',
  });
}

function branchOf(name: string): string {
  // nx.json may name the remote's.
  const branch = name.replace(/^origin\//, '');
  if (BRANCH.test(branch)) return branch;
  throw new LambdaPyError({
    problem: 'the option "mainBranch" is no name of a branch',
    found: name,
    expected: 'a name such as "main"',
    mend: 'nx g lambda-py:ci --mainBranch=main',
  });
}
