import { useTemporaryFolders } from '../testing/temporary-folder';
import { memberRequirementsAt } from '../workspace/locked-requirements';
import { renderRequirements } from '../workspace/requirements-file';
import { declaredNamesOf, edgesOf } from './edges';
import { describeMember } from './member-description';
import { nodeOf } from './nodes';
import { normalisePluginOptions } from './plugin-options';
import type { PythonProject } from './python-workspace';
import { judgeRequirements } from './requirements-freshness';

const makeFolder = useTemporaryFolders();
const { options } = normalisePluginOptions({ packTargetName: 'package' });
const context = {
  hasPackageLock: false,
  hasCdkToolkit: false,
  toolchainIsFresh: true,
  requirementsAreInSync: true,
  hasPyrightConfig: true,
  hasPytestSettings: false,
  hasTypesInput: true,
};

function projectOf(
  projectRoot: string,
  rest: Partial<PythonProject> = {},
): PythonProject {
  return {
    name: projectRoot.slice(projectRoot.indexOf('/') + 1),
    projectRoot,
    tags: [],
    isService: false,
    isLayer: false,
    layers: [],
    infrastructureKinds: [],
    hasSourceFolder: false,
    isSourceLayout: false,
    hasReadme: false,
    hasPytestSettings: true,
    pathDependencies: [],
    dependencyNames: [],
    lockedNames: [],
    ...rest,
  };
}

const LAYER = projectOf('layers/numbers', { isLayer: true });
const ORDERS = projectOf('services/orders', {
  isService: true,
  layers: ['numbers'],
});
const BILLING = projectOf('services/billing', { isService: true });

describe('describeMember', () => {
  const describe_ = (table: string) =>
    describeMember(`[tool.lambda-py]\n${table}\n`, 'a/pyproject.toml');

  it('tells layers, and the services that use them', () => {
    expect(
      describe_('layer = true\nruntime = "python3.13"').description,
    ).toMatchObject({ isLayer: true, isService: false, layers: [] });
    expect(
      describe_(
        'handler = "a.b"\nruntime = "python3.13"\nlayers = ["Num_Bers"]',
      ).description,
    ).toMatchObject({ isLayer: false, isService: true, layers: ['num-bers'] });
  });

  it('keeps a layer whose table is wrong, so that its targets fail', () => {
    const { description, warning } = describe_('layer = true\nruntime = "x"');
    expect(description.isLayer).toBe(true);
    expect(warning).toContain('[tool.lambda-py] runtime');
  });
});

it('draws an edge from a service to its layers, which are no declared imports', () => {
  const workspace = {
    projects: [LAYER, ORDERS, BILLING],
    hasPytestSettings: false,
    warnings: [],
  };
  const declared = declaredNamesOf(workspace);
  const names = new Map([
    ['layers/numbers', 'renamed'],
    ['services/orders', 'orders'],
    ['services/billing', 'billing'],
  ]);
  expect(edgesOf(workspace, declared, names)).toEqual([
    { source: 'orders', target: 'renamed', type: 'implicit' },
  ]);
  expect(declared.get('orders')).toEqual(new Set());
});

it('gives a layer without code a pack target and nothing to test', () => {
  const node = (hasSourceFolder: boolean) =>
    nodeOf(
      { ...LAYER, hasSourceFolder, requirementsAreFresh: true },
      options,
      context,
    );
  expect(Object.keys(node(false).targets ?? {})).toEqual([
    'lint',
    'format',
    'audit',
    'package',
  ]);
  expect(Object.keys(node(true).targets ?? {})).toEqual([
    'lint',
    'format',
    'typecheck',
    'test',
    'audit',
    'package',
  ]);
  expect(node(false)).toMatchObject({
    projectType: 'library',
    metadata: { technologies: ['python', 'aws-lambda'] },
  });
});

it('packs the layers before it invokes what uses them', () => {
  const dependsOn = (project: PythonProject) =>
    nodeOf({ ...project, requirementsAreFresh: true }, options, context)
      .targets?.['invoke']?.dependsOn;
  expect(dependsOn(ORDERS)).toEqual(['package', '^package']);
  expect(dependsOn(BILLING)).toEqual(['package']);
});

it('takes a service for stale while one of its layers is', () => {
  const folder = makeFolder();
  const file = renderRequirements('six==1.17.0\n', 'a'.repeat(64));
  const projects = [LAYER, ORDERS, BILLING];
  const lockedRequirements = projects.map(({ name, projectRoot }) =>
    memberRequirementsAt({ projectName: name, projectRoot }, 'a'.repeat(64)),
  );
  for (const requirements of lockedRequirements) {
    folder.write(requirements.file, file);
  }
  const freshOnes = () =>
    judgeRequirements(folder.path, { projects, lockedRequirements }, fail)
      .projects.filter(({ requirementsAreFresh }) => requirementsAreFresh)
      .map(({ name }) => name);
  const fail = (message: string): never => {
    throw new Error(message);
  };
  expect(freshOnes()).toEqual(['numbers', 'orders', 'billing']);
  folder.write(
    'layers/numbers/requirements.txt',
    file.replace('a'.repeat(64), 'b'.repeat(64)),
  );
  expect(freshOnes()).toEqual(['billing']);
});
