import { lockText } from '../testing/lock-files';
import type { LockedFixture } from '../testing/lock-files';
import {
  directMembers,
  extrasOf,
  groupNames,
  memberDigest,
  packedMembers,
  pathDependencies,
  runtimeClosure,
  runtimeMembers,
  toolchainDigest,
} from './closure';
import { parseLockFile } from './lock-file';

const PACKAGES: readonly LockedFixture[] = [
  {
    name: 'orders',
    source: '{ editable = "services/orders" }',
    lines: [
      'dependencies = [',
      '  { name = "contracts", extra = ["json"] },',
      '  { name = "boto3" },',
      ']',
      '[package.optional-dependencies]',
      'extra = [{ name = "extra-lib" }]',
      '[package.dev-dependencies]',
      'dev = [{ name = "test-kit" }, { name = "pytest", version = "1.0", source = { registry = "https://index.example/simple" } }]',
      'docs = [{ name = "sphinx" }]',
    ],
  },
  {
    name: 'contracts',
    source: '{ directory = "libs/contracts" }',
    lines: [
      'dependencies = [{ name = "base" }]',
      '[package.optional-dependencies]',
      'json = [{ name = "orjson", marker = "sys_platform == \'linux\'" }]',
      'other = [{ name = "unused" }]',
    ],
  },
  { name: 'base', source: '{ virtual = "libs/base" }' },
  { name: 'extra-lib', source: '{ editable = "libs/extra" }' },
  { name: 'test-kit', source: '{ editable = "libs/test-kit" }' },
  {
    name: 'boto3',
    hash: 'b0',
    lines: [
      'dependencies = [',
      '  { name = "numpy", version = "1.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version < \'3.12\'" },',
      '  { name = "numpy", version = "2.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version >= \'3.12\'" },',
      ']',
    ],
  },
  {
    name: 'numpy',
    version: '1.0',
    hash: 'n1',
    lines: ['resolution-markers = ["sys_platform == \'darwin\'"]'],
  },
  { name: 'numpy', version: '2.0', hash: 'n2' },
  { name: 'numpy', version: '3.0', hash: 'n3' },
  { name: 'orjson', hash: '01' },
  { name: 'unused', hash: '02' },
  { name: 'pytest', hash: '03' },
  { name: 'sphinx', hash: '04' },
  {
    name: 'moto',
    hash: '05',
    lines: [
      '[package.optional-dependencies]',
      's3 = [{ name = "py-partiql" }]',
    ],
  },
  { name: 'py-partiql', hash: '06' },
];
const MANIFEST = [
  'members = ["orders", "contracts", "base", "extra-lib", "test-kit"]',
  '[manifest.dependency-groups]',
  'dev = [{ name = "moto", extras = ["s3"], specifier = ">=5" }]',
];
const TEXT = lockText(PACKAGES, MANIFEST);
const lock = parseLockFile(TEXT);

describe('runtimeMembers', () => {
  it('follows run-time dependencies alone, through members of every kind', () => {
    expect(runtimeMembers(lock, 'orders')).toEqual([
      { name: 'base', projectRoot: 'libs/base' },
      { name: 'contracts', projectRoot: 'libs/contracts' },
    ]);
    expect(runtimeMembers(lock, 'base')).toEqual([]);
    expect(runtimeMembers(lock, 'unknown')).toEqual([]);
  });

  it('ends where members need each other', () => {
    const circle = parseLockFile(
      lockText([
        {
          name: 'a',
          source: '{ editable = "a" }',
          lines: ['dependencies = [{ name = "b" }]'],
        },
        {
          name: 'b',
          source: '{ editable = "b" }',
          lines: ['dependencies = [{ name = "a" }]'],
        },
      ]),
    );
    expect(runtimeMembers(circle, 'a').map(({ name }) => name)).toEqual(['b']);
  });
});

describe('what one platform needs', () => {
  const conditional = parseLockFile(
    lockText([
      {
        name: 'orders',
        source: '{ editable = "services/orders" }',
        lines: [
          'dependencies = [',
          '  { name = "win", marker = "sys_platform == \'win32\'" },',
          '  { name = "old", marker = "python_full_version < \'3.12\'" },',
          '  { name = "both", marker = "sys_platform == \'linux\'" },',
          '  { name = "forked", version = "1.0" },',
          '  { name = "forked", version = "2.0" },',
          ']',
        ],
      },
      { name: 'win', source: '{ editable = "libs/win" }' },
      {
        name: 'old',
        source: '{ editable = "libs/old" }',
        lines: ['dependencies = [{ name = "below" }]'],
      },
      { name: 'below', source: '{ editable = "libs/below" }' },
      { name: 'both', source: '{ editable = "libs/both" }' },
      {
        name: 'forked',
        lines: ['resolution-markers = ["sys_platform == \'win32\'"]'],
      },
      {
        name: 'forked',
        version: '2.0',
        lines: [
          'resolution-markers = ["sys_platform == \'linux\'", "sys_platform == \'darwin\'"]',
        ],
      },
    ]),
  );
  const on = (python: string, system = 'linux') => ({
    python_full_version: `${python}.0`,
    sys_platform: system,
  });
  const namesOn = (...platform: Parameters<typeof on>) =>
    runtimeMembers(conditional, 'orders', on(...platform)).map(
      ({ name }) => name,
    );

  it('leaves out members behind a marker that does not hold, and what they alone need', () => {
    expect(namesOn('3.12')).toEqual(['both']);
    expect(namesOn('3.11')).toEqual(['below', 'both', 'old']);
    expect(namesOn('3.12', 'win32')).toEqual(['win']);
  });

  it('is all of it where no platform is given', () => {
    expect(runtimeMembers(conditional, 'orders')).toHaveLength(4);
  });

  it('leaves out forks for another platform', () => {
    expect(
      runtimeClosure(conditional, 'orders', on('3.12')).map(
        ({ name, version }) => `${name} ${version}`,
      ),
    ).toEqual(['orders 1.0', 'both 1.0', 'forked 2.0']);
  });
});

describe('directMembers', () => {
  it('names members in dependencies, extras and groups, transitive ones not', () => {
    expect(directMembers(lock, 'orders')).toEqual([
      'contracts',
      'extra-lib',
      'test-kit',
    ]);
    expect(directMembers(lock, 'contracts')).toEqual(['base']);
    expect(directMembers(lock, 'unknown')).toEqual([]);
  });
});

/** The lock file after an edit that must hit something. */
function edited(from: string | RegExp, to: string) {
  const text = TEXT.replaceAll(
    typeof from === 'string' ? from : new RegExp(from, 'g'),
    to,
  );
  expect(text).not.toBe(TEXT);
  return parseLockFile(text);
}

/** The lock file with another version of one package. */
function bumped(name: string) {
  return edited(
    `name = "${name}"\nversion = "1.0"`,
    `name = "${name}"\nversion = "9"`,
  );
}

describe('memberDigest', () => {
  const digest = memberDigest(lock, 'orders');

  it.each([
    ['a version', bumped('boto3')],
    ['a version behind an extra', bumped('orjson')],
    ['a hash', edited('sha256:b0', 'sha256:b1')],
    ['the hash of a forked version', edited('sha256:n2', 'sha256:n4')],
    ['the marker of a fork', edited("'darwin'", "'win32'")],
    ['a marker', edited("< '3.12'", "< '3.13'")],
    ['a marker of an extra', edited("'linux'", "'win32'")],
    ['the Python versions', edited('">=3.11"', '">=3.12"')],
    [
      'an extra that is asked for',
      edited('extra = ["json"]', 'extra = ["json", "other"]'),
    ],
    ['a dependency that is gone', edited('  { name = "boto3" },\n', '')],
    [
      'a source that is no index any more',
      edited(
        '"boto3"\nversion = "1.0"\nsource = { registry = "https://index.example/simple" }',
        '"boto3"\nversion = "1.0"\nsource = { git = "https://e.org/b#1" }',
      ),
    ],
  ])('changes with %s', (_, changed) => {
    expect(memberDigest(changed, 'orders')).not.toBe(digest);
  });

  it.each([
    [
      'another index',
      edited(
        'https://index.example/simple',
        'https://token@mirror.example/simple',
      ),
    ],
    ['an unrelated package', bumped('sphinx')],
    ['a test dependency', bumped('pytest')],
    ['an extra that nobody asks for', bumped('unused')],
    ['another version of a forked package', edited('sha256:n3', 'sha256:n4')],
    ['the toolchain', bumped('py-partiql')],
  ])('does not change with %s', (_, changed) => {
    expect(memberDigest(changed, 'orders')).toBe(digest);
  });

  it('differs from one member to the other', () => {
    expect(memberDigest(lock, 'contracts')).not.toBe(digest);
  });
});

describe('memberDigest, where members bring the same', () => {
  const member = (name: string, ...dependencies: readonly string[]) => ({
    name,
    source: `{ editable = "${name}" }`,
    lines: [`dependencies = [${dependencies.join(', ')}]`],
  });
  const boto3 = { name: 'boto3', hash: 'b0' };
  const digestOf = (...packages: readonly LockedFixture[]) =>
    memberDigest(parseLockFile(lockText([...packages, boto3])), 'orders');
  const need = '{ name = "boto3" }';

  it('does not change with a library that brings nothing new', () => {
    expect(
      digestOf(member('orders', need, '{ name = "a" }'), member('a', need)),
    ).toBe(digestOf(member('orders', need)));
  });

  it('changes where a marker decides which member brings what', () => {
    const conditional = '{ name = "a", marker = "sys_platform == \'linux\'" }';
    expect(digestOf(member('orders', need, conditional), member('a'))).not.toBe(
      digestOf(member('orders', conditional), member('a', need)),
    );
  });
});

describe('toolchainDigest', () => {
  const digest = toolchainDigest(lock, ['dev']);

  it.each([
    ['a tool of the root', bumped('moto')],
    ['what an extra of a tool brings', bumped('py-partiql')],
    ['a tool of a member', edited('sha256:03', 'sha256:30')],
  ])('changes with %s', (_, changed) => {
    expect(toolchainDigest(changed, ['dev'])).not.toBe(digest);
  });

  it.each([
    [
      'another index',
      edited('https://index.example/simple', 'https://mirror.example/simple'),
    ],
    ['a run-time dependency', bumped('boto3')],
    ['another group', bumped('sphinx')],
  ])('does not change with %s', (_, changed) => {
    expect(toolchainDigest(changed, ['dev'])).toBe(digest);
  });

  it('changes with any group that counts', () => {
    const groups = ['dev', 'docs'];
    expect(toolchainDigest(bumped('sphinx'), groups)).not.toBe(
      toolchainDigest(lock, groups),
    );
  });
});

describe('groupNames', () => {
  it('names those of the root and of every member', () => {
    expect(groupNames(lock)).toEqual(['dev', 'docs']);
  });
});

describe('the extras of a member', () => {
  it('are named', () => {
    expect(extrasOf(lock, 'contracts')).toEqual(['json', 'other']);
    expect(extrasOf(lock, 'base')).toEqual([]);
  });

  it('count in its digest where they are asked for', () => {
    const extras = extrasOf(lock, 'contracts');
    const changed = bumped('unused');
    expect(memberDigest(changed, 'contracts')).toBe(
      memberDigest(lock, 'contracts'),
    );
    expect(memberDigest(changed, 'contracts', extras)).not.toBe(
      memberDigest(lock, 'contracts', extras),
    );
  });
});

describe('packedMembers', () => {
  it('leaves out what the member is only developed with, and its extras', () => {
    expect(packedMembers(lock, 'orders')).toEqual(['base', 'contracts']);
  });

  it('says nothing where every edge leads into the artifact', () => {
    expect(packedMembers(lock, 'contracts')).toBeUndefined();
  });
});

describe('pathDependencies', () => {
  const withPath = parseLockFile(
    lockText(
      [
        {
          name: 'orders',
          source: '{ editable = "services/orders" }',
          lines: ['[package.dev-dependencies]', 'dev = [{ name = "middle" }]'],
        },
        {
          name: 'middle',
          source: '{ editable = "libs/middle" }',
          lines: ['dependencies = [{ name = "vendored" }]'],
        },
        { name: 'vendored', source: '{ directory = "vendor/kit" }' },
      ],
      ['members = ["orders", "middle"]'],
    ),
  );

  it('are found through members and groups', () => {
    expect(pathDependencies(withPath, 'orders')).toEqual(['vendor/kit']);
  });

  it('are none where every local package is a member', () => {
    expect(pathDependencies(lock, 'orders')).toEqual([]);
  });
});
