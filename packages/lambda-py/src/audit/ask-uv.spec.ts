import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import type { TemporaryFolder } from '../testing/temporary-folder';
import { parseToml } from '../workspace/toml';
import { askUv } from './ask-uv';

const makeFolder = useTemporaryFolders();
const PINS = [
  { name: 'numpy', version: '2.0.2' },
  { name: 'numpy', version: '2.4.0' },
];
const VULNERABLE = {
  dependency: PINS[1],
  id: 'X-1',
  aliases: [],
  fix_versions: [],
};

/** A uv that keeps its arguments and the lock file, and answers. */
function uvOf(folder: TemporaryFolder, exitCode: number, report: object) {
  return folder.script(
    'uv',
    `echo "$*" > "${folder.path}/arguments"`,
    `cp uv.lock "${folder.path}/kept.lock"`,
    `echo '${JSON.stringify(report)}'`,
    'echo "error: refused by http://me:secret@osv.example" >&2',
    `exit ${exitCode}`,
  );
}

const clean = (audited: number) => ({
  summary: { audited_packages: audited },
  vulnerabilities: [],
});

describe('askUv', () => {
  it('audits a lock file that holds the pins and nothing else', async () => {
    const folder = makeFolder();
    const uv = uvOf(folder, 1, { ...clean(2), vulnerabilities: [VULNERABLE] });
    const answers = await askUv(uv, PINS, 'https://osv.example/a b');

    expect(answers.get('numpy 2.0.2')).toEqual([]);
    expect(answers.get('numpy 2.4.0')).toMatchObject([{ id: 'X-1' }]);
    const read = (file: string) =>
      readFileSync(join(folder.path, file), 'utf8');
    expect(read('arguments')).toContain(
      '--service-url=https://osv.example/a b',
    );
    const lock = parseToml(read('kept.lock'), 'uv.lock');
    const source = { registry: '.' };
    expect(lock['package']).toMatchObject([
      { dependencies: PINS.map((pin) => ({ ...pin, source })) },
      ...PINS.map((pin) => ({ ...pin, source })),
    ]);
  });

  it.each([
    ['could not tell', 2, clean(2)],
    ['was ended by a signal', 139, clean(2)],
    ['left a distribution out', 0, clean(1)],
    [
      'reports what its exit status denies',
      0,
      { ...clean(2), vulnerabilities: [VULNERABLE] },
    ],
    ['denies what its exit status reports', 1, clean(2)],
  ])('takes it for no answer where uv %s', async (_, exitCode, report) => {
    const uv = uvOf(makeFolder(), exitCode, report);
    const message = await rejectionOf(askUv(uv, PINS));

    expect(message).toContain('could not tell the vulnerabilities of 2');
    expect(message).toContain('error: refused by http://***@osv.example');
  });
});
