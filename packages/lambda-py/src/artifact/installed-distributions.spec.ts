import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInstalledDistributions } from './installed-distributions';
import type { Files } from './testing/samples';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

function installed(name: string, files: Files): Files {
  const info = `${name}-1.0.dist-info`;
  const all: Files = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n\nName: not this\n`,
  };
  const lines = Object.entries(all).map(([path, content]) => {
    const hash = createHash('sha256').update(content).digest('base64url');
    return `${path},sha256=${hash},1`;
  });
  return {
    ...all,
    [`${info}/RECORD`]: [...lines, `${info}/RECORD,,`, '../../bin/x,,'].join(
      '\n',
    ),
  };
}

/** Reads every file, a large one as a thread does too. */
function readAll(folder: string): void {
  for (const { files } of readInstalledDistributions(folder)) {
    for (const { read, large } of files) {
      const file = large?.();
      if (file !== undefined) {
        const { location, bytes, algorithm = '' } = file.source;
        const content = readFileSync(location);
        expect(bytes).toBe(content.length);
        expect(Buffer.compare(file.head, content.subarray(0, 64))).toBe(0);
        file.check(createHash(algorithm).update(content).digest('base64url'));
      }
      read();
    }
  }
}

describe('readInstalledDistributions', () => {
  it('gives each distribution the files of its RECORD', () => {
    const folder = temporaryFolder({
      ...installed('Zed_Kit', { 'zed/a.py': 'a' }),
      ...installed('alpha', { 'alpha.py': 'b' }),
      ...installed('large', {
        'empty.py': '',
        'large.bin': Buffer.alloc(9 * 1024 ** 2, 'abc'),
      }),
      '.lock': '',
    });
    expect(
      readInstalledDistributions(folder).map(({ name, version, files }) => [
        name,
        version,
        files.map(({ path }) => path),
      ]),
    ).toEqual([
      [
        'alpha',
        '1.0',
        [
          'alpha.py',
          'alpha-1.0.dist-info/METADATA',
          'alpha-1.0.dist-info/RECORD',
        ],
      ],
      [
        'large',
        '1.0',
        [
          'empty.py',
          'large.bin',
          'large-1.0.dist-info/METADATA',
          'large-1.0.dist-info/RECORD',
        ],
      ],
      [
        'zed-kit',
        '1.0',
        [
          'zed/a.py',
          'Zed_Kit-1.0.dist-info/METADATA',
          'Zed_Kit-1.0.dist-info/RECORD',
        ],
      ],
    ]);
    expect(() => {
      readAll(folder);
    }).not.toThrow();
  });

  it.each(['b', ''])('refuses a file that its wheel has not: "%s"', (text) => {
    const folder = temporaryFolder(installed('kit', { 'kit.py': 'a' }));
    writeFileSync(join(folder, 'kit.py'), text);
    expect(() => {
      readAll(folder);
    }).toThrow(/kit\.py has another hash\n.*clean kit/);
    rmSync(join(folder, 'kit.py'));
    expect(() => {
      readAll(folder);
    }).toThrow('kit.py is missing');
  });

  it('refuses a large file that its wheel has not', () => {
    const content = Buffer.alloc(2 * 1024 ** 2, 'abc');
    const folder = temporaryFolder(installed('kit', { 'kit.so': content }));
    content[content.length - 1] = 0;
    writeFileSync(join(folder, 'kit.so'), content);
    const file = readInstalledDistributions(folder)[0]?.files[0]?.large?.();
    const digest = createHash('sha256').update(content).digest('base64url');
    expect(() => file?.check(digest)).toThrow('kit.so has another hash');
  });

  it('names both when one distribution has overwritten a file of another', () => {
    const folder = temporaryFolder({
      ...installed('one', { 'conf.py': 'a' }),
      ...installed('two', { 'conf.py': 'b' }),
    });
    expect(() => {
      readAll(folder);
    }).toThrow('one and two hold different files');
  });
});
