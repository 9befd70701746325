import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
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

function readAll(folder: string): void {
  for (const { files } of readInstalledDistributions(folder)) {
    for (const { read } of files) read();
  }
}

describe('readInstalledDistributions', () => {
  it('gives each distribution the files of its RECORD', () => {
    const folder = temporaryFolder({
      ...installed('Zed_Kit', { 'zed/a.py': 'a' }),
      ...installed('alpha', { 'alpha.py': 'b' }),
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

  it('refuses a file that is not what its wheel says', () => {
    const folder = temporaryFolder(installed('kit', { 'kit.py': 'a' }));
    writeFileSync(join(folder, 'kit.py'), 'b');
    expect(() => {
      readAll(folder);
    }).toThrow(/kit\.py has another hash\n.*clean kit/);
    rmSync(join(folder, 'kit.py'));
    expect(() => {
      readAll(folder);
    }).toThrow('kit.py is missing');
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
