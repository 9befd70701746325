import { symlinkSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { fakePython, fakeUv } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { requireAgreement } from './requirements-agreement';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const LOCKED =
  '# Generated\nBoto3==1.0 \\\n    --hash=sha256:b0\nsix==1.16 ; os_name == "a"\nsix==1.17 ; os_name == "b"\nflask @ git+https://git.example/flask@abc\n';

/** Compares with what a uv prints that is not there. */
function compare(...lines: readonly string[]): Promise<void> {
  const folder = makeFolder();
  fakePython(folder, 'python3', { version: '3.12.4' });
  const uv = folder.script('uv', ...fakeUv('0.13.9'), ...lines);
  setEnvironment({
    PATH: folder.path,
    PYENV_ROOT: folder.path,
    LAMBDA_PY_UV: uv,
  });
  return requireAgreement(
    { file: 'a/requirements.in', direct: 'boto3\n', locked: LOCKED },
    { workspaceRoot: folder.path, cwd: folder.path, requiresPython: '>=3.11' },
  );
}

const PRINTED = [
  'echo "boto3==1.0"',
  `echo "six==1.17 ; os_name == 'b'"`,
  `echo "six==1.16 ; os_name == 'a'"`,
  'echo "flask @ git+https://git.example/flask@abc"',
];

describe('requireAgreement', () => {
  afterEach(() => jest.restoreAllMocks());

  it('takes what compiles to the same pins', async () => {
    await expect(compare(...PRINTED)).resolves.toBeUndefined();
  });

  it('names what differs', async () => {
    expect(
      await rejectionOf(compare(...PRINTED.slice(1), 'echo "extra==2"')),
    ).toBe(
      [
        'a/requirements.in: the file and the requirements.txt beside it do not agree',
        '  found:    extra==2 by "uv pip compile" alone; boto3==1.0 in requirements.txt alone',
        '  expected: the same pins from "uv pip compile" as from uv.lock',
        '  mend:     ask for it in a pyproject.toml ("uv add"), or remove "pip-tools" from [tool.lambda-py] in pyproject.toml',
      ].join('\n'),
    );
  });

  it('tells why it cannot be compiled', async () => {
    expect(
      await rejectionOf(compare('echo "no solution" >&2', 'exit 1')),
    ).toContain(
      'a/requirements.in: uv pip compile could not resolve the file\n  found:    no solution\n',
    );
  });

  it('tells it without the folder, which uv knows by its real name', async () => {
    const link = join(makeFolder().path, 'tmp');
    symlinkSync(makeFolder().path, link);
    jest.spyOn(os, 'tmpdir').mockReturnValue(link);
    expect(
      await rejectionOf(
        compare(
          'for input; do :; done',
          'cd -P "${input%/*}" && echo "error: $PWD/requirements.in" >&2',
          'exit 1',
        ),
      ),
    ).toContain('found:    error: requirements.in\n');
  });
});
