import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inBatchAndAlone } from '../../testing/batch';
import { fakeEnvironment } from '../../testing/fake-environment';
import { lockText } from '../../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { parseLockFile } from '../../workspace/lock-file';
import {
  memberRequirements,
  renderRequirements,
} from '../../workspace/requirements';
import batch from './batch';
import auditExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

/** Knows of `vulnerable`, and cannot take a question with `odd` in it. */
const UV = [
  'count=$(( $(grep -c "^\\[\\[package" uv.lock) - 1 ))',
  'report() { echo "{\\"summary\\":{\\"audited_packages\\":$count},\\"vulnerabilities\\":[$1]}"; }',
  'grep -q \'"odd"\' uv.lock && { echo "error: what is odd?" >&2; exit 2; }',
  'grep -q \'"vulnerable"\' uv.lock || { report; exit 0; }',
  'report \'{"dependency":{"name":"vulnerable","version":"1"},"id":"X-1","aliases":[],"fix_versions":["2"]}\'',
  'exit 1',
].join('\n');

/** Finds something in each file with `insecure` in its name. */
const BANDIT = [
  'for last; do :; done',
  'folder=$(echo "$*" | sed "s/.*--recursive \\([^ ]*\\).*/\\1/")',
  'result=""; metrics=""; count=0',
  'for file in $(find "$folder" -name "*.py"); do',
  '  metrics="$metrics\\"$file\\":{\\"loc\\":1},"',
  '  case "$file" in *insecure*)',
  `    result='{"ruleId":"B1","message":{"text":"m"},"locations":[],"properties":{"issue_severity":"LOW","issue_confidence":"LOW"}}' ;;`,
  '  esac',
  'done',
  'echo "{\\"runs\\":[{\\"invocations\\":[{}],\\"properties\\":{\\"metrics\\":{$metrics\\"_totals\\":{\\"loc\\":1}}},\\"results\\":[$result]}]}" > "$last"',
].join('\n');

/** The pins of each service. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  a: ['idna==3.20', 'shared==1'],
  b: ['shared==1', 'other==2'],
  vulnerable: ['vulnerable==1', 'shared==1'],
  'not-answered': ['odd==1', 'vulnerable==1'],
  insecure: ['shared==1'],
};

function makeWorkspace() {
  const folder = makeFolder();
  setEnvironment({
    LAMBDA_PY_UV: fakeEnvironment(folder, { uv: UV, bandit: BANDIT }),
  });
  const lock = lockText(
    Object.keys(SERVICES).map((name) => ({
      name,
      source: `{ editable = "libs/${name}" }`,
    })),
  );
  folder.write('uv.lock', lock);
  folder.write('pyproject.toml', '');
  for (const [name, pins] of Object.entries(SERVICES)) {
    const owner = { projectName: name, projectRoot: `libs/${name}` };
    const { digest } = memberRequirements(parseLockFile(lock), owner);
    folder.write(
      `libs/${name}/pyproject.toml`,
      `[project]\nname = "${name}"\n[tool.lambda-py]\nhandler = "x.handler.handler"\nruntime = "python3.13"\n`,
    );
    folder.write(
      `libs/${name}/requirements.txt`,
      renderRequirements(pins.join('\n'), digest),
    );
    folder.write(`libs/${name}/src/${name}.py`, '');
  }
  folder.write('libs/library/src/library.py', '');
  folder.write('libs/library/pyproject.toml', '[project]\nname = "library"\n');
  folder.write('libs/stale/src/stale.py', '');
  folder.write(
    'libs/stale/pyproject.toml',
    '[project]\nname = "a"\n[tool.lambda-py]\nhandler = "x.handler.handler"\nruntime = "python3.13"\n',
  );
  return folder;
}

const projects = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`libs/${name}`, {}]));

describe('the batch audit', () => {
  it('audits each project as alone, whatever is found of the others', async () => {
    const folder = makeWorkspace();
    // No answer is kept, so that each task alone has to ask.
    folder.write('.nx/lambda-py/audit', 'a file in the place of the cache');
    const { together, alone } = await inBatchAndAlone(
      folder.path,
      projects(...Object.keys(SERVICES), 'library', 'stale'),
      batch,
      auditExecutor,
    );

    expect(together).toEqual(alone);
    const verdicts = Object.fromEntries(
      Object.entries(together).map(([name, { output }]) => [
        name,
        /audit: (.*)/.exec(output)?.[1],
      ]),
    );
    expect(verdicts).toEqual({
      a: 'clean',
      b: 'clean',
      library: 'clean',
      vulnerable: 'vulnerable',
      insecure: 'vulnerable',
      'not-answered': 'vulnerable, and could not audit all of it',
      stale: undefined,
    });
    expect(together['stale']?.output).toContain('nx sync');
    const { output = '' } = together['not-answered'] ?? {};
    expect(output).toContain('vulnerable 1: X-1 [fixed in 2]');
    expect(output).toContain(
      'could not tell the vulnerabilities of 1 of 2 distributions: odd 1\n  found:    error: what is odd?',
    );
    expect(output).toContain('1 of 2 locked distributions, 1 known');
  });

  it('makes the environment once, and asks once for what all have', async () => {
    const folder = makeWorkspace();
    await inBatchAndAlone(
      folder.path,
      projects('a', 'b', 'library'),
      batch,
      () => Promise.resolve({ success: true }),
    );

    const calls = readFileSync(join(folder.path, 'calls'), 'utf8').split('\n');
    const count = (start: string): number =>
      calls.filter((line) => line.startsWith(start)).length;
    expect(count('uv sync')).toBe(1);
    expect(count('uv audit')).toBe(1);
    expect(count('bandit')).toBe(3);
  });

  it('tells each project of a service that is down, in few questions', async () => {
    const folder = makeWorkspace();
    folder.script(
      '.venv/bin/uv',
      `echo "uv $*" >> "${folder.path}/calls"`,
      'echo "error: no route" >&2; exit 2',
    );
    const { together, alone } = await inBatchAndAlone(
      folder.path,
      projects('a', 'b', 'library'),
      batch,
      auditExecutor,
    );

    expect(together).toEqual(alone);
    expect(together['library']?.success).toBe(true);
    expect(together['b']?.output).toContain('shared 1\n  found:    error: no');
    const calls = readFileSync(join(folder.path, 'calls'), 'utf8');
    expect(calls.match(/uv audit/g)?.length).toBeLessThan(8);
  });
});
