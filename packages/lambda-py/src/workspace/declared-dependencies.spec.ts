import { lockText } from '../testing/lock-files';
import {
  differingDependencies,
  lockedDependencies,
  writtenDependencies,
} from './declared-dependencies';
import { parseLockFile } from './lock-file';

function lockedOf(...lines: readonly string[]) {
  const { packages } = parseLockFile(
    lockText([{ name: 'orders', source: '{ editable = "o" }', lines }]),
  );
  return lockedDependencies(packages.get('orders')![0]!);
}

// Both as they stand in a workspace that uv 0.13.9 has locked.
const WRITTEN = [
  'orders[z]',
  "six>=1.0; python_version < '3'",
  'six <2 ; sys_platform=="linux"',
  'Typing.Extensions~=4.0,!=4.1',
  'httpx[http2,socks]>=0.2',
  'certifi>=2024.01.05',
  'idna>1',
  'iniconfig (>1)',
  'packaging>=1.0.0.0,<99,>=2',
  'PyYAML===6.0.2',
  'pytz==3.*',
  'h11>=0.9.0-1',
  'kit>=0.5',
  'wheel @ file:///a/wheel-1.0-py3-none-any.whl',
  "hidden; extra == 'z'",
];
const LOCKED = [
  '[package.metadata]',
  'requires-dist = [',
  '  { name = "certifi", specifier = ">=2024.1.5" },',
  '  { name = "colorama", marker = "extra == \'z\'" },',
  '  { name = "hidden", marker = "extra == \'z\'" },',
  '  { name = "h11", specifier = ">=0.9.0.post1" },',
  '  { name = "httpx", extras = ["http2", "socks"], specifier = ">=0.2" },',
  '  { name = "idna", specifier = ">1", index = "https://index.example/simple" },',
  '  { name = "iniconfig", specifier = ">1" },',
  '  { name = "kit", editable = "libs/kit" },',
  '  { name = "orders", extras = ["z"] },',
  '  { name = "packaging", specifier = ">=1.0.0.0,>=2,<99" },',
  '  { name = "pytz", specifier = "==3.*" },',
  '  { name = "pyyaml", specifier = "===6.0.2" },',
  '  { name = "six", marker = "python_full_version < \'3\'", specifier = ">=1.0" },',
  '  { name = "six", marker = "sys_platform == \'linux\'", specifier = "<2" },',
  '  { name = "typing-extensions", specifier = "~=4.0,!=4.1" },',
  '  { name = "wheel", path = "/a/wheel-1.0-py3-none-any.whl" },',
  ']',
];

describe('differingDependencies', () => {
  const boundAnew = (before: string, now: string) =>
    differingDependencies(
      writtenDependencies([`six${now}`]),
      lockedOf(
        '[package.metadata]',
        `requires-dist = [{ name = "six", specifier = "${before}" }]`,
      ) ?? {},
    );
  const locked = lockedOf(...LOCKED) ?? {};
  const differences = (written: readonly string[]) =>
    differingDependencies(writtenDependencies(written), locked);

  it('are none where uv writes the same in its own way', () => {
    expect(differences(WRITTEN)).toEqual([]);
  });

  it('are what was added, removed and given another version', () => {
    expect(
      differences([
        ...WRITTEN.filter((text) => !/^(?:idna|kit|certifi)/.test(text)),
        'boto3>=1',
        'certifi',
        'kit>=9',
      ]),
    ).toEqual([
      'boto3, which uv.lock does not have',
      'no idna, which uv.lock has',
      'certifi, where uv.lock has >=2024.1.5',
    ]);
  });

  it('are told of a version that was not bound before', () => {
    expect(
      differingDependencies(writtenDependencies(['six >= 1']), { six: '' }),
    ).toEqual(['six>=1, where uv.lock has six']);
  });

  // uv 0.13.9 leaves uv.lock as it is for each of these.
  it.each([
    ['>=1.10', '>=1.10.0'],
    ['>1.0', '>1'],
    ['==1.16.0', '==1.16'],
    ['==1.16.*', '==1.16.0.*'],
    ['>=1.10', '>=1.10,>=1.9'],
    ['>=1.10,<2', '<2,!=3,>=1.10'],
    ['~=1.10', '>=1.10,==1.*'],
    ['~=1.10', '>=1.10,<2.0'],
    ['>6', '>6,>6.0'],
  ])('are none where %s has become %s', (before, clauses) => {
    expect(boundAnew(before, clauses)).toEqual([]);
  });

  it.each([
    ['>=1.10', '>=1.11'],
    ['>=1.10', '>1.10'],
    ['~=1.10', '~=1.10.0'],
    ['>=1.10,!=1.12', '>=1.10'],
    ['==1.16.*', '==1.16'],
    ['>=2,<1', '>=3,<1'],
  ])('are told where %s has become %s', (before, clauses) => {
    expect(boundAnew(before, clauses)).toHaveLength(1);
  });
});

describe('lockedDependencies', () => {
  it('are none for a project that has none', () => {
    expect(lockedOf()).toEqual({});
  });

  it('are not known where uv.lock does not keep them', () => {
    expect(lockedOf('dependencies = [{ name = "six" }]')).toBeUndefined();
  });
});
