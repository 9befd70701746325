import { nodeOf } from './nodes';
import { normalisePluginOptions } from './plugin-options';

const { options } = normalisePluginOptions({ deployTargetName: 'ship' });
const CONTEXT = {
  hasPackageLock: false,
  hasCdkToolkit: false,
  toolchainIsFresh: true,
  requirementsAreInSync: true,
  hasPyrightConfig: true,
  hasPytestSettings: false,
  hasTypesInput: true,
};

function stackOf(project: {
  readonly isService: boolean;
  readonly hasSourceFolder: boolean;
}) {
  return nodeOf(
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
      requirementsAreFresh: true,
      ...project,
    },
    options,
    CONTEXT,
  );
}

const STACK = { isService: false, hasSourceFolder: false };
const AFTER_OTHERS = {
  target: 'ship',
  dependencies: true,
  params: 'forward',
};

describe('a project that is no service and has infra/', () => {
  it('is deployed, after what it depends on, and has nothing to test', () => {
    const targets = stackOf(STACK).targets ?? {};

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
      Object.keys(
        stackOf({ isService: false, hasSourceFolder: true }).targets ?? {},
      ),
    ).toEqual(['lint', 'format', 'typecheck', 'test', 'audit', 'ship']);
  });

  it('has less than a service, which is packed first', () => {
    const { targets } = stackOf({ isService: true, hasSourceFolder: true });

    expect(targets?.['ship']?.dependsOn).toEqual(['pack', AFTER_OTHERS]);
    expect(targets).toHaveProperty('rollback');
    expect(targets).toHaveProperty('validate');
  });

  it('packs nothing anew that is built on it', () => {
    const productionOf = (hasSourceFolder: boolean) =>
      stackOf({ isService: false, hasSourceFolder }).namedInputs?.[
        'production'
      ];

    expect(productionOf(false)).toContain('!{projectRoot}/infra/**/*');
    // A module may stand in any folder of a library that is not built.
    expect(productionOf(true)).not.toContain('!{projectRoot}/infra/**/*');
  });
});
