import { tidyDistribution } from './distribution';
import { parseRecord } from './record';
import { sampleDistribution } from './testing/samples';

const FILES = {
  'kit/__init__.py': '',
  'kit/__pycache__/__init__.cpython-311.pyc': 'x',
  'kit-1.0.dist-info/METADATA': 'Name: kit\nVersion: 1.0\n',
  'kit-1.0.dist-info/WHEEL': 'Generator: uv 0.13.9',
  'kit-1.0.dist-info/WHEEL.json': '{}',
  'kit-1.0.dist-info/METADATA.json': '{}',
  'kit-1.0.dist-info/RECORD': 'bin/kit,sha256=abc,1',
  'kit-1.0.dist-info/INSTALLER': 'uv',
  'kit-1.0.dist-info/REQUESTED': '',
  'kit-1.0.dist-info/direct_url.json': '{"url": "file:///home/me"}',
  'kit-1.0.dist-info/uv_cache.json': '{}',
  'kit-1.0.dist-info/entry_points.txt': '[x]',
  'kit-1.0.dist-info/licenses/LICENSE': 'MIT',
  'bin/kit': '#!/home/me/python',
};

function tidyPaths(local: boolean): string[] {
  return tidyDistribution(
    sampleDistribution('kit', FILES, { local }),
  ).files.map(({ path }) => path);
}

describe('tidyDistribution', () => {
  it('drops what installers leave and what names this machine', () => {
    expect(tidyPaths(false)).toEqual([
      'kit/__init__.py',
      'kit-1.0.dist-info/METADATA',
      'kit-1.0.dist-info/WHEEL',
      'kit-1.0.dist-info/WHEEL.json',
      'kit-1.0.dist-info/METADATA.json',
      'kit-1.0.dist-info/entry_points.txt',
      'kit-1.0.dist-info/licenses/LICENSE',
      'kit-1.0.dist-info/RECORD',
    ]);
  });

  it("drops a local distribution's WHEEL, which names its build backend", () => {
    expect(
      tidyPaths(true).filter((path) => /WHEEL|METADATA\.json/.test(path)),
    ).toEqual([]);
  });

  it("makes a local distribution's METADATA independent of its build backend, and no other's", () => {
    const metadataOf = (local: boolean): string => {
      const files = { 'kit-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\n' };
      const [file] = tidyDistribution(
        sampleDistribution('kit', files, { local }),
      ).files;
      return Buffer.from(file?.read() ?? []).toString();
    };
    expect(metadataOf(true)).toBe('Metadata-Version: 2.4\n');
    expect(metadataOf(false)).toBe('Metadata-Version: 2.1\n');
  });

  it('gives a RECORD again after a thread has got its memory', () => {
    // So long that its memory is not shared with other buffers.
    const modules = Object.fromEntries(
      Array.from({ length: 900 }, (_, index) => [`kit/m${index}.py`, '']),
    );
    const record = tidyDistribution(
      sampleDistribution('kit', { ...FILES, ...modules }),
    ).files.at(-1);
    const first = Uint8Array.from(record?.read() ?? []);
    const { buffer } = record?.read() ?? first;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    expect(first.length).toBeGreaterThan(8192);
    expect(record?.read()).toEqual(Buffer.from(first));
  });

  it('keeps a package of the name bin', () => {
    const distribution = sampleDistribution('bin', {
      'bin/__init__.py': '',
      'bin/tool.py': '',
    });
    expect(tidyDistribution(distribution).files).toHaveLength(2);
  });

  it('writes a RECORD of what remains, by path alone', () => {
    const distribution = sampleDistribution('kit', {
      'kit/a,"b".txt': '',
      'kit-1.0.dist-info/METADATA': '',
    });
    const record = tidyDistribution(distribution).files.at(-1);
    const text = Buffer.from(record?.read() ?? []).toString();
    expect(text).toContain('"kit/a,""b"".txt",,\n');
    expect(parseRecord(text)).toEqual([
      { path: 'kit-1.0.dist-info/METADATA' },
      { path: 'kit-1.0.dist-info/RECORD' },
      { path: 'kit/a,"b".txt' },
    ]);
  });
});
