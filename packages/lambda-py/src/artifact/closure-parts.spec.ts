import { failureOf } from '../testing/errors';
import { lockText } from '../testing/lock-files';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { artifactOptionsOf } from '../workspace/artifact-options';
import { memberDigest } from '../workspace/closure';
import { parseLockFile } from '../workspace/lock-file';
import { renderRequirements } from '../workspace/requirements';
import { closureParts, requireKnownProvided } from './closure-parts';
import { sampleRuntime, sampleService } from './testing/samples';

const makeFolder = useTemporaryFolders();
const LOCK = lockText([
  {
    name: 'orders',
    source: '{ editable = "services/orders" }',
    lines: [
      'dependencies = [',
      '  { name = "kit" },',
      '  { name = "old", marker = "python_full_version < \'3.12\'" },',
      '  { name = "windows", marker = "sys_platform == \'win32\'" },',
      ']',
    ],
  },
  {
    name: 'kit',
    source: '{ editable = "libs/kit" }',
    lines: ['dependencies = [{ name = "wheel" }]'],
  },
  { name: 'old', source: '{ editable = "libs/old" }' },
  { name: 'windows', source: '{ path = "wheels/windows-1.0.tar.gz" }' },
  { name: 'wheel', source: '{ path = "wheels/wheel-1.0-any.whl" }' },
]);

function workspaceOf(lock = LOCK): string {
  const workspace = makeFolder();
  workspace.write('uv.lock', lock);
  workspace.write(
    'services/orders/requirements.txt',
    renderRequirements('', memberDigest(parseLockFile(lock), 'orders')),
  );
  return workspace.path;
}

/** A service that says of some names that its runtime has them. */
function orders(runtime: string, ...provided: string[]) {
  return sampleService({
    runtime: sampleRuntime(runtime),
    artifact: artifactOptionsOf({ provided }),
  });
}

describe('closureParts', () => {
  it('refuses the root of the workspace, and says where a service has to stand', () => {
    const root = makeFolder().path;
    expect(
      failureOf(() => closureParts(root, sampleService({ projectRoot: '.' }))),
    ).toBe(
      [
        'pyproject.toml: [tool.lambda-py]: the root of the workspace cannot be packed',
        '  found:    the service or layer orders at the root',
        '  expected: a service or a layer with a folder of its own, which [tool.uv.workspace] has as a member',
        '  mend:     move orders into a folder, for instance services/orders, and add that to [tool.uv.workspace] members; then "uv lock" and "nx sync"',
      ].join('\n'),
    );
  });

  it('refuses what no artifact can hold, where the platform needs it', () => {
    const root = workspaceOf();
    // The second time it is known from the cache.
    for (const _ of [1, 2]) {
      expect(
        failureOf(() => closureParts(root, orders('python3.13'))),
      ).toContain(
        'uv.lock: package wheel: a local wheel or archive, or a folder outside of the workspace, cannot be packed\n  found:    wheel: path = "wheels/wheel-1.0-any.whl"\n',
      );
    }
  });

  it('asks for a lock file that has the project', () => {
    const root = workspaceOf();
    const renamed = { ...orders('python3.13'), projectName: 'renamed' };
    expect(failureOf(() => closureParts(root, renamed))).toContain(
      'uv.lock: the lock file does not have renamed\n',
    );
  });

  it('has the members that the runtime needs, and no others', () => {
    const root = workspaceOf();
    const names = (runtime: string) =>
      closureParts(root, orders(runtime, 'wheel')).members.map(
        ({ name }) => name,
      );
    expect(names('python3.13')).toEqual(['orders', 'kit']);
    expect(names('python3.11')).toEqual(['orders', 'kit', 'old']);
  });

  it('knows the names of members that another platform needs', () => {
    const root = workspaceOf();
    expect(() =>
      closureParts(root, orders('python3.13', 'wheel', 'old')),
    ).not.toThrow();
  });
});

describe('requireKnownProvided', () => {
  const service = sampleService({
    artifact: artifactOptionsOf({ provided: ['boto3', 'six'] }),
  });

  it('lists the names that there are', () => {
    expect(() => {
      requireKnownProvided(service, ['six', 'attrs']);
    }).toThrow(
      /provided: orders does not depend on [^]*found: {4}boto3\n {2}expected: names of its closure: attrs, six\n {2}mend: {5}correct/,
    );
    requireKnownProvided(service, ['boto3', 'six']);
  });

  it('says so where there are none', () => {
    expect(() => {
      requireKnownProvided(service, []);
    }).toThrow(
      /expected: no names: orders depends on nothing\n {2}mend: {5}remove "provided"$/,
    );
  });
});
