import { nodeOf } from './nodes';
import { normalisePluginOptions } from './plugin-options';

const { options } = normalisePluginOptions({ deployTargetName: 'ship' });
const CONTEXT = {
  hasPackageLock: false,
  hasCdkToolkit: false,
  toolchainIsFresh: true,
  hasPyrightConfig: true,
  hasPytestSettings: false,
  hasTypesInput: true,
};

function targetsOf(project: {
  readonly isService: boolean;
  readonly hasSourceFolder: boolean;
}) {
  const { targets = {} } = nodeOf(
    {
      name: 'tables',
      projectRoot: 'libs/tables',
      tags: [],
      isLayer: false,
      layers: [],
      infrastructureKinds: ['sam'],
      isSourceLayout: false,
      hasReadme: false,
      hasPytestSettings: true,
      pathDependencies: [],
      dependencyNames: [],
      lockedNames: [],
      lockedDigest: 'a'.repeat(64),
      requirementsAreFresh: true,
      ...project,
    },
    options,
    CONTEXT,
  );
  return targets;
}

const AFTER_OTHERS = {
  target: 'ship',
  dependencies: true,
  params: 'forward',
};

describe('a project that is no service and has infra/', () => {
  it('is deployed, after what it depends on, and has nothing to test', () => {
    const targets = targetsOf({ isService: false, hasSourceFolder: false });

    expect(Object.keys(targets)).toEqual(['lint', 'format', 'audit', 'ship']);
    expect(targets['ship']).toMatchObject({
      executor: 'lambda-py:deploy',
      cache: false,
      dependsOn: [AFTER_OTHERS],
      configurations: { local: { emulator: true } },
    });
  });

  it('may be a library too', () => {
    expect(
      Object.keys(targetsOf({ isService: false, hasSourceFolder: true })),
    ).toEqual(['lint', 'format', 'typecheck', 'test', 'audit', 'ship']);
  });

  it('has less than a service, which is packed first', () => {
    const targets = targetsOf({ isService: true, hasSourceFolder: true });

    expect(targets['ship']?.dependsOn).toEqual(['pack', AFTER_OTHERS]);
    expect(targets).toHaveProperty('rollback');
    expect(targets).toHaveProperty('validate');
  });
});
