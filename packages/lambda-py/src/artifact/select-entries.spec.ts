import { artifactOptionsOf } from '../workspace/artifact-options';
import {
  describedServices,
  requireGlobs,
  requireKnownServices,
  selectEntries,
} from './select-entries';
import { adviseOnSize } from './size-advice';
import { renderSizeReport } from './size-report';
import { entriesOf } from './merge-segments';
import {
  sampleEntries,
  sampleSegments,
  sampleService,
} from './testing/samples';

const SEGMENTS = sampleSegments({
  botocore: {
    'botocore/data/endpoints.json': '',
    'botocore/data/ec2/a.json': '',
    'botocore/data/s3/a.json': '',
    'botocore/data/sts/a.json': '',
    'botocore/docs/__init__.py': '',
  },
  pandas: {
    'pandas-1.dist-info/licenses/README.md': '',
    'pandas/README.md': '',
    'pandas/__pycache__/a.cpython-313.pyc': 'x'.repeat(2_000_000),
    'pandas/a.py': '',
    'pandas/a.pyi': '',
    'pandas/include/a.h': '',
    'pandas/tests/a.py': '',
    'pandas/tests/__pycache__/a.cpython-313.pyc': '',
    'tests.py': '',
  },
});

const ENTRIES = entriesOf(SEGMENTS);

async function leftOut(
  options: Parameters<typeof artifactOptionsOf>[0],
): Promise<string[]> {
  const service = sampleService({ artifact: artifactOptionsOf(options) });
  const selected = new Set(await selectEntries(ENTRIES, service));
  return ENTRIES.filter((one) => !selected.has(one)).map(
    ({ entry }) => entry.path,
  );
}

describe('selectEntries', () => {
  it('leaves nothing out by default', async () => {
    await expect(selectEntries(ENTRIES, sampleService({}))).resolves.toBe(
      ENTRIES,
    );
  });

  it('excludes a file with its bytecode, and a folder with all in it', async () => {
    await expect(leftOut({ exclude: ['pandas/a.py'] })).resolves.toEqual([
      'pandas/__pycache__/a.cpython-313.pyc',
      'pandas/a.py',
    ]);
    await expect(leftOut({ exclude: ['pandas/tests/'] })).resolves.toEqual([
      'pandas/tests/__pycache__/a.cpython-313.pyc',
      'pandas/tests/a.py',
    ]);
  });

  it.each([
    [
      'tests' as const,
      ['pandas/tests/__pycache__/a.cpython-313.pyc', 'pandas/tests/a.py'],
    ],
    ['stubs' as const, ['pandas/a.pyi']],
    ['docs' as const, ['pandas/README.md']],
    ['headers' as const, ['pandas/include/a.h']],
  ])('strips %s', async (kind, expected) => {
    await expect(leftOut({ strip: [kind] })).resolves.toEqual(expected);
  });

  it('keeps the data of the services in use, and of those that credentials need', async () => {
    await expect(leftOut({ 'botocore-services': ['s3'] })).resolves.toEqual([
      'botocore/data/ec2/a.json',
    ]);
  });

  it('knows the services that botocore has', () => {
    const check = (...services: string[]): void => {
      const options = { 'botocore-services': services };
      const artifact = artifactOptionsOf(options);
      requireKnownServices(
        new Set(describedServices(SEGMENTS)),
        sampleService({ artifact }),
      );
    };
    check('ec2', 's3');
    expect(() => {
      check('S3');
    }).toThrow(/no service of that name\n.*S3\n.*for instance .*s3/);
  });
});

describe('adviseOnSize', () => {
  it('names what would save anything', async () => {
    await expect(
      adviseOnSize(sampleService({ artifact: artifactOptionsOf({}) }), ENTRIES),
    ).resolves.toEqual(['bytecode = false would save up to 1.9 MB unzipped']);
  });
});

describe('renderSizeReport', () => {
  it('is the same each time, needs no network, and is not broken by a name', async () => {
    const evil = '</script><script>alert(1)</script>.py';
    const entries = sampleEntries({ evil: { [evil]: '' } });
    const report = await renderSizeReport(sampleService(), entries);
    expect(report).toContain('alert(1)‹');
    expect(report).not.toContain(evil);
    expect(report).not.toMatch(/<script[^>]+src|<link/);
    await expect(renderSizeReport(sampleService(), entries)).resolves.toBe(
      report,
    );
  });
});

describe('requireGlobs', () => {
  const check = (...exclude: readonly string[]): Promise<void> =>
    requireGlobs(
      sampleService({ artifact: artifactOptionsOf({ exclude: [...exclude] }) }),
    );

  it.each(['[', '((', '{a', 'a)'])('refuses %j', async (glob) => {
    await expect(check('a/**', glob)).rejects.toThrow(
      `services/orders/pyproject.toml: [tool.lambda-py] exclude: the glob is broken\n  found:    "${glob}"\n`,
    );
  });

  it('takes brackets that are closed, or stand for themselves', async () => {
    await check('[ab]*', '**/{a,b}/+(c|d)', 'a(1).txt', 'a\\[b');
    await check();
  });
});
