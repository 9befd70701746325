import { readFileSync } from 'node:fs';
import { rejectionOf } from '../testing/errors';
import { fakeUv } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { installationError, installClosure } from './install-closure';
import { sampleRuntime } from './testing/samples';

const TARGET = {
  runtime: sampleRuntime('python3.11'),
  architecture: 'arm64',
} as const;

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

describe('installClosure', () => {
  const asked = async (index?: { name: string; url: string }) => {
    const workspace = makeFolder();
    const notes = workspace.write('notes', '');
    setEnvironment({
      LAMBDA_PY_UV: workspace.script(
        'uv',
        ...fakeUv('0.13.9'),
        `echo "$UV_INDEX|$*" > "${notes}"`,
      ),
      UV_INDEX: 'mine=https://mine.example/simple',
    });
    await installClosure({
      workspaceRoot: workspace.path,
      requirementsFile: 'requirements.txt',
      names: ['six', 'six', 'kit'],
      target: TARGET,
      folder: 'installed',
      ...(index === undefined ? {} : { index }),
    });
    return readFileSync(notes, 'utf8').split('|');
  };

  it('tells uv of an index by its environment alone, before others', async () => {
    const [indexes, args] = await asked({
      name: 'private',
      url: 'https://token@private.example/simple',
    });
    expect(indexes).toBe(
      'private=https://token@private.example/simple mine=https://mine.example/simple',
    );
    expect(args).toContain('pip sync --quiet --require-hashes ');
    expect(args).not.toContain('private');
    expect(args).toContain(' --only-binary six --only-binary kit --no-inst');
  });

  it('leaves the indexes of the user alone where there is none', async () => {
    const [indexes] = await asked();
    expect(indexes).toBe('mine=https://mine.example/simple');
  });
});

describe('installClosure, where uv is told to build', () => {
  const installing = (...lines: readonly string[]) => {
    const workspace = makeFolder();
    setEnvironment({
      LAMBDA_PY_UV: workspace.script('uv', ...fakeUv('0.13.9'), ...lines),
    });
    return installClosure({
      workspaceRoot: workspace.path,
      requirementsFile: 'requirements.txt',
      names: ['six'],
      target: TARGET,
      folder: 'installed',
    });
  };

  it('has it take the wheel', async () => {
    await expect(
      installing(
        'case "$*" in *" --no-binary :all:") exit 0 ;; esac',
        'echo "Because six==1.16.0 has no usable wheels and you" >&2; exit 1',
      ),
    ).resolves.toBeUndefined();
  });

  it('asks no more where it fails otherwise, and tells what uv has said', async () => {
    expect(
      await rejectionOf(
        installing(
          'case "$*" in *" --no-binary :all:") exit 0 ;; esac',
          'echo "no route" >&2; exit 1',
        ),
      ),
    ).toContain('found:    no route\n');
  });
});

describe('installationError', () => {
  it('names what would be built, and the setting', () => {
    // Said by uv 0.13.9.
    const { message } = installationError(
      `error: Failed to download and build \`six==1.16.0\`
  cause: Hash mismatch for \`six==1.16.0\`
         Expected:
           sha256:8abb
         Computed:
           sha256:1e61`,
      'p',
      TARGET,
    );
    expect(message).toContain('uv is told to build six from its source');
    expect(message).toContain('remove six from "no-binary-package"');
  });

  // Said by uv 0.13.9.
  it.each([
    [
      'numpy 2.5.5',
      'no wheel whose tags match',
      `error: No solution found when resolving dependencies
  cause: Because numpy==2.5.5 has no usable wheels and you require numpy==2.5.5, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for \`numpy\` because building from source is disabled for all packages (i.e., with \`--no-build\`)`,
    ],
    [
      'numpy 2.4.6',
      'no wheel whose tags match',
      `error: No solution found when resolving dependencies
  cause: Because numpy{python_full_version < '3.12'}==2.4.6 has no usable wheels and you require numpy{python_full_version < '3.12'}==2.4.6, we can conclude that your requirements are unsatisfiable.`,
    ],
    [
      'pywin32 308',
      'on the following platforms: `win32`, `win_amd64`, `win_arm64`',
      `error: No solution found when resolving dependencies
  cause: Because pywin32==308 has no wheels with a matching platform tag (e.g., \`manylinux_2_34_x86_64\`) and you
         require pywin32==308, we can conclude that your requirements are unsatisfiable.

hint: Wheels are available for \`pywin32\` (v308) on the following platforms: \`win32\`, \`win_amd64\`, \`win_arm64\``,
    ],
  ])('names %s, the platform and the ways out', (name, found, stderr) => {
    const { message } = installationError(
      stderr,
      'aarch64-manylinux_2_17',
      TARGET,
    );
    expect(message).toContain(`${name} has no wheel for python3.11 on arm64\n`);
    expect(message).toContain(found);
    expect(message).toContain('aarch64-manylinux_2_17');
    expect(message).toContain('Amazon Linux 2 has glibc 2.26');
    expect(message).toMatch(
      /mend: .*uv add.*python3\.12 or later.*another architecture/,
    );
  });

  it('shows what uv says where it fails otherwise', () => {
    const { message } = installationError('error: no route\n', 'p', TARGET);
    expect(message).toContain('found:    error: no route\n');
    expect(message).toContain('the index was not reachable');
  });

  it('asks for space where there was none left', () => {
    const { message } = installationError(
      'error: failed to write: No space left on device (os error 28)',
      'p',
      TARGET,
    );
    expect(message).toContain('No space left on device');
    expect(message).toContain('mend:     free some space');
    expect(message).not.toContain('index');
  });
});
