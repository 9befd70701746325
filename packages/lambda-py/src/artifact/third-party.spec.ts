import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { fakeUv } from '../testing/fake-python';
import { lockText } from '../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { parseRequirements } from './requirements-list';
import { sampleRuntime } from './testing/samples';
import { thirdPartySegments } from './third-party';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const PRIVATE = 'https://private.example/simple';

/** Installs what it is told to, and notes the indexes that it is told of. */
const INSTALLING_UV = [
  ...fakeUv('0.13.9'),
  'while [ "$1" != --target ]; do shift; done',
  'echo "$UV_INDEX: $(/bin/sed "s/==.*//" "$3" | /usr/bin/tr "\\n" " ")" >> "$(/usr/bin/dirname "$0")/notes"',
  'for name in $(/bin/sed "s/==.*//" "$3"); do',
  '  /bin/mkdir -p "$2/$name-1.0.dist-info"',
  '  printf "Name: $name\\nVersion: 1.0\\n" > "$2/$name-1.0.dist-info/METADATA"',
  '  : > "$2/$name-1.0.dist-info/RECORD"',
  'done',
];

function request(...lines: readonly string[]) {
  const workspace = makeFolder();
  const requirementsText = lines.join('\n');
  const file = workspace.write(
    'services/orders/requirements.txt',
    requirementsText,
  );
  workspace.write(
    'pyproject.toml',
    `[[tool.uv.index]]\nname = "private"\nurl = "${PRIVATE}"\nexplicit = true\n`,
  );
  workspace.write(
    'uv.lock',
    lockText([
      { name: 'six', hash: 'aa', index: 'https://pypi.org/simple' },
      { name: 'kit', hash: 'bb', index: PRIVATE },
      { name: 'attrs', hash: 'cc', index: 'https://pypi.org/simple' },
    ]),
  );
  setEnvironment({
    LAMBDA_PY_UV: workspace.script('uv', ...INSTALLING_UV),
    UV_INDEX: undefined,
  });
  return {
    workspaceRoot: workspace.path,
    requirementsFile: file,
    requirementsText,
    requirements: parseRequirements(requirementsText, file),
    target: { runtime: sampleRuntime(), architecture: 'x86_64' },
    bytecode: {
      identity: 'none',
      prepare: () => undefined,
      addTo: (distribution) => Promise.resolve(distribution),
    },
    leftOut: new Set<string>(),
  } satisfies Parameters<typeof thirdPartySegments>[0];
}

describe('thirdPartySegments', () => {
  it('asks an explicit index for what is locked from it, and for nothing else', async () => {
    const closure = request(
      'attrs==1.0 --hash=sha256:cc',
      'kit==1.0 --hash=sha256:bb',
      'six==1.0 --hash=sha256:aa',
    );
    const segments = await thirdPartySegments(closure);
    expect(segments.map(({ name }) => name)).toEqual(['attrs', 'kit', 'six']);
    expect(readFileSync(join(closure.workspaceRoot, 'notes'), 'utf8')).toBe(
      `: attrs six \nprivate=${PRIVATE}: kit \n`,
    );
  });

  it('refuses what has no hash before uv is asked', async () => {
    const closure = request('gitdep @ git+https://e.org/gitdep@c02c');
    expect(await rejectionOf(thirdPartySegments(closure))).toContain(
      'services/orders/requirements.txt: not all of the locked requirements have a hash\n  found:    gitdep is locked by git',
    );
  });
});
