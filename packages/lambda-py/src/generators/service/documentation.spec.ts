import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import type { TemporaryFolder } from '../../testing/temporary-folder';
import { changesOf, useTrees } from '../../testing/trees';
import serviceGenerator from './generator';
import { SOURCE_NAMES } from './sources';
import type { SourceName } from './sources';

const DOCUMENT = join(__dirname, '../../../../../docs/services.md');
/** What is printed stands in a block of code after a comment that says how it is made. */
const BLOCK = /(<!-- diff (\w+) (\w+) (.*?) -->)\n+```diff\n[^]*?\n```\n/g;
const trees = useTrees();
const makeFolder = useTemporaryFolders();
// The trees put another one in its place.
const { PATH } = process.env;

/** Writes the files of two services, each in a folder of its own, the name of the second replaced by that of the first. */
async function twoServices(
  first: SourceName,
  second: SourceName,
): Promise<TemporaryFolder> {
  const tree = trees.make();
  for (const [name, source] of [
    ['orders', first],
    ['billing', second],
  ] as const) {
    await serviceGenerator(tree, {
      name,
      source,
      runtime: 'python3.13',
      architecture: 'arm64',
      skipLock: true,
    });
  }
  const folder = makeFolder();
  for (const [file, text] of Object.entries(changesOf(tree))) {
    const [, name, rest] =
      /^services\/(orders|billing)\/(.*)$/.exec(file) ?? [];
    if (name === undefined || rest === undefined) continue;
    const renamed = (one: string): string =>
      one.replaceAll('billing', 'orders').replaceAll('Billing', 'Orders');
    folder.write(`${name}/${renamed(rest)}`, renamed(text));
  }
  return folder;
}

/** What `diff` prints. */
function diff(folder: TemporaryFolder, ...options: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(
    'diff',
    [...options, 'orders', 'billing'],
    {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, PATH, LC_ALL: 'C' },
    },
  );
  if (error !== undefined) throw error;
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('docs/services.md', () => {
  it.each(SOURCE_NAMES)(
    'is right that two for %s are the same',
    async (source) => {
      expect(diff(await twoServices(source, source), '-r')).toBe('');
    },
  );

  it('shows how services for two sources differ', async () => {
    const shown = readFileSync(DOCUMENT, 'utf8');
    const blocks = [...shown.matchAll(BLOCK)];
    let document = shown;
    for (const [block, comment = '', first, second, options = ''] of blocks) {
      const folder = await twoServices(
        first as SourceName,
        second as SourceName,
      );
      const printed = diff(folder, ...options.split(' '));
      expect(printed).not.toBe('');
      const written = `${comment}\n\n\`\`\`diff\n${printed}\n\`\`\`\n`;
      document = document.replace(block, () => written);
    }
    // LAMBDA_PY_WRITE_DOCS=1 npm run unit -- service/documentation
    if (process.env['LAMBDA_PY_WRITE_DOCS'] === '1') {
      writeFileSync(DOCUMENT, document);
    } else {
      expect(shown).toBe(document);
    }
    expect(blocks).toHaveLength(3);
  });
});
