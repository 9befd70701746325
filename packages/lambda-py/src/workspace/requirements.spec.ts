import { readFileSync } from 'node:fs';
import { failureOf, rejectionOf } from '../testing/errors';
import { lockText } from '../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { parseLockFile } from './lock-file';
import {
  exportRequirements,
  memberRequirements,
  renderRequirements,
  requireFreshRequirements,
  requireLockFile,
  requirementsState,
} from './requirements';
import { readTextIfPresent } from './text-file';
import { summariseLock } from './lock-summary';
import { toolchainRequirementsAt } from './locked-requirements';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const OWNER = { projectName: 'orders', projectRoot: 'services/orders' };
const LOCK = lockText([
  { name: 'orders', source: '{ editable = "services/orders" }' },
]);
const DIGEST = memberRequirements(parseLockFile(LOCK), OWNER).digest;
const EXPORT = 'boto3==1.0 \\\n    --hash=sha256:b0\n';

describe('requirementsState', () => {
  const fresh = renderRequirements(EXPORT, DIGEST);

  it.each([
    ['fresh', 'the file as it was rendered', fresh],
    ['fresh', 'a CRLF checkout', fresh.replaceAll('\n', '\r\n')],
    ['fresh', 'an empty export', renderRequirements('', DIGEST)],
    [
      'fresh',
      'an export with CRLF',
      renderRequirements(EXPORT.replaceAll('\n', '\r\n'), DIGEST),
    ],
    ['missing', 'no file', undefined],
    ['stale', 'another closure', renderRequirements(EXPORT, 'f'.repeat(64))],
    [
      'stale',
      'another closure, edited too',
      `${renderRequirements(EXPORT, 'f'.repeat(64))}# x\n`,
    ],
    ['edited', 'another version', fresh.replace('1.0', '1.1')],
    ['edited', 'a line more', `${fresh}requests==1\n`],
    ['edited', 'the export alone', EXPORT],
    ['edited', 'an empty file', ''],
    ['edited', 'a header that was cut', fresh.split('\n').slice(1).join('\n')],
  ])('%s: %s', (state, _, text) => {
    expect(requirementsState(text, DIGEST)).toBe(state);
  });

  it('renders the same bytes whatever surrounds the export', () => {
    expect(renderRequirements(`\n${EXPORT}\n\n`, DIGEST)).toBe(fresh);
    expect(fresh.endsWith(`\n${EXPORT}`)).toBe(true);
  });
});

describe('requireFreshRequirements', () => {
  it('gives the path of a file that is true', () => {
    const workspace = makeFolder();
    workspace.write('uv.lock', LOCK);
    const file = workspace.write(
      'services/orders/requirements.txt',
      renderRequirements(EXPORT, DIGEST),
    );
    expect(requireFreshRequirements(workspace.path, OWNER)).toBe(file);
  });

  it.each([
    ['missing', undefined, 'the locked requirements are missing'],
    [
      'stale',
      renderRequirements(EXPORT, '0'.repeat(64)),
      'the locked requirements are older than uv.lock',
    ],
    ['edited', EXPORT, 'the locked requirements were edited by hand'],
  ])('refuses one that is %s', (_, text, problem) => {
    const workspace = makeFolder();
    workspace.write('uv.lock', LOCK);
    if (text !== undefined) {
      workspace.write('services/orders/requirements.txt', text);
    }
    expect(
      failureOf(() => requireFreshRequirements(workspace.path, OWNER)),
    ).toBe(
      [
        `services/orders/requirements.txt: ${problem}`,
        '  expected: the closure of orders as uv.lock has it',
        '  mend:     nx sync',
      ].join('\n'),
    );
  });
});

describe('a member that uv.lock does not know', () => {
  it('has to be locked before its requirements can be', () => {
    const workspace = makeFolder();
    workspace.write('uv.lock', LOCK);
    expect(
      failureOf(() =>
        requireFreshRequirements(workspace.path, {
          projectName: 'billing',
          projectRoot: 'services/billing',
        }),
      ),
    ).toBe(
      [
        'uv.lock: the lock file does not have billing',
        '  expected: the name that services/billing/pyproject.toml has, as a member of the uv workspace',
        '  mend:     uv lock && nx sync',
      ].join('\n'),
    );
  });
});

describe('requireLockFile', () => {
  it('asks for a lock file', () => {
    expect(failureOf(() => requireLockFile(makeFolder().path))).toBe(
      'uv.lock: the lock file is missing\n  mend:     uv lock',
    );
  });
});

describe('readTextIfPresent', () => {
  it('does not take another failure for a missing file', () => {
    const folder = makeFolder();
    expect(readTextIfPresent(`${folder.path}/no`)).toBeUndefined();
    expect(() => readTextIfPresent(folder.path)).toThrow('EISDIR');
  });
});

describe('exportRequirements', () => {
  const toolchain = toolchainRequirementsAt(summariseLock(LOCK));

  it('asks uv for the closure of a member, hashed and without local libraries', async () => {
    const workspace = makeFolder();
    const uv = workspace.script(
      'bin/uv',
      '[ "$1" = --version ] && echo "uv 0.13.9" && exit',
      'echo "$@" > "$(dirname "$0")/arguments"',
      'echo boto3==1.0',
    );
    setEnvironment({ LAMBDA_PY_UV: uv });
    const wanted = memberRequirements(parseLockFile(LOCK), OWNER);
    const text = await exportRequirements(workspace.path, wanted);
    expect(requirementsState(text, DIGEST)).toBe('fresh');
    expect(text).toContain('\nboto3==1.0\n');
    const args = readFileSync(`${workspace.path}/bin/arguments`, 'utf8');
    expect(args.trim().split(' ')).toEqual([
      'export',
      '--quiet',
      '--frozen',
      '--no-emit-local',
      '--no-header',
      '--no-annotate',
      '--format',
      'requirements.txt',
      '--package',
      'orders',
      '--no-default-groups',
    ]);
    expect(toolchain.exportArguments).toEqual([
      '--all-packages',
      '--only-group',
      'dev',
    ]);
  });

  it('shows what uv says when it cannot', async () => {
    const workspace = makeFolder();
    const uv = workspace.script(
      'uv',
      '[ "$1" = --version ] && echo "uv 0.13.9" && exit',
      'echo "error: no member" >&2',
      'exit 2',
    );
    setEnvironment({ LAMBDA_PY_UV: uv });
    expect(
      await rejectionOf(exportRequirements(workspace.path, toolchain)),
    ).toBe(
      [
        'uv.lock: uv could not export requirements-dev.txt',
        '  found:    error: no member',
        '  mend:     uv lock',
      ].join('\n'),
    );
  });
});
