import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCoreMetadata } from './core-metadata';
import { encodeSegment } from './encode-segment';
import { parseRequirements } from './requirements-list';
import { describeBom } from './sbom';
import { validBom } from './testing/bom';
import {
  contentsOf,
  sampleContents,
  sampleDistribution,
  sampleService,
  useTemporaryFolders,
} from './testing/samples';

const temporaryFolder = useTemporaryFolders();

const locked = (...lines: string[]) =>
  parseRequirements(lines.join('\n'), 'services/orders/requirements.txt');

/** A distribution of an artifact: its version, and the fields of its METADATA. */
interface Held {
  readonly version: string;
  readonly fields?: readonly string[];
  readonly local?: boolean;
}

/** The bill of materials of a service that holds these distributions; it has to be valid. */
async function bomOf(
  held: Readonly<Record<string, Held>>,
  ...requirements: string[]
) {
  const segments = Object.entries(held).map(
    ([name, { version, fields = [], local = false }]) => {
      const metadata = [`Name: ${name}`, `Version: ${version}`, ...fields];
      const path = `${name}-${version}.dist-info/METADATA`;
      const files = { [path]: `${metadata.join('\n')}\n\n` };
      return encodeSegment(sampleDistribution(name, files, { version, local }));
    },
  );
  return validBom(
    await describeBom(
      temporaryFolder(),
      sampleService(),
      contentsOf(segments),
      locked(...requirements),
    ),
  );
}

const ORDERS = { orders: { version: '1.0', local: true } };

describe('describeBom', () => {
  const contents = sampleContents({
    orders: {
      'orders-1.dist-info/METADATA':
        'Name: orders\nRequires-Dist: Six>=1\nRequires-Dist: absent\n\n',
    },
    six: {
      'six-1.dist-info/METADATA': 'Name: six\nLicense-Expression: MIT\n\n',
    },
  });

  it('lists what the artifact holds, and nothing that differs between two runs', async () => {
    const root = temporaryFolder();
    const describe = () =>
      describeBom(root, sampleService(), contents, locked('six==1.0'));
    const first = await describe();
    await validBom(first);
    expect(JSON.parse(Buffer.from(first).toString())).toEqual({
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        component: expect.objectContaining({
          type: 'application',
          name: 'orders',
        }) as unknown,
      },
      components: [
        {
          type: 'library',
          name: 'six',
          version: '1.0',
          'bom-ref': 'six@1.0',
          licenses: [{ expression: 'MIT' }],
          purl: 'pkg:pypi/six@1.0',
        },
      ],
      dependencies: [
        { ref: 'orders@1.0', dependsOn: ['six@1.0'] },
        { ref: 'six@1.0' },
      ],
    });
    const folder = join(root, '.nx/lambda-py/sboms');
    for (const name of readdirSync(folder)) {
      writeFileSync(join(folder, name), 'damaged');
    }
    const again = await describe();
    expect(Buffer.from(again).equals(first)).toBe(true);
  });

  it('is valid of a service that needs nothing, and of no service at all', async () => {
    expect(await bomOf(ORDERS)).toMatchObject({
      metadata: { component: { name: 'orders', version: '1.0' } },
      components: [],
    });
    // A layer that is a list of dependencies is no distribution itself.
    expect((await bomOf({})).metadata).toEqual({});
  });

  it.each([
    ['six==1.16', '1.16', 'pkg:pypi/six@1.16'],
    ['six==1.16 ; os_name == "a"', '1.16', 'pkg:pypi/six@1.16'],
    [
      'six==1!2.0rc1.post1.dev0+cu.124',
      '1!2.0rc1.post1.dev0+cu.124',
      'pkg:pypi/six@1%212.0rc1.post1.dev0%2Bcu.124',
    ],
    ['six @ git+https://git.example/six@abc', '1.16', undefined],
    ['six @ https://files.example/six-1.16.whl', '1.16', undefined],
    ['./vendor/six-1.16-py3-none-any.whl', '1.16', undefined],
  ])('has the package URL of %s', async (line, version, purl) => {
    const { components } = await bomOf({ ...ORDERS, six: { version } }, line);

    expect(components).toMatchObject([{ name: 'six', version }]);
    expect(components[0]?.purl).toBe(purl);
  });

  it('tells the version that a marker chose, and no package URL of a local library', async () => {
    const { components } = await bomOf(
      { kit: { version: '0', local: true }, six: { version: '1.17' } },
      'six==1.16 ; os_name == "a"',
      'six @ https://files.example/six-1.15.whl ; os_name == "b"',
      'six==1.17 ; os_name == "c"',
    );

    expect(components.map(({ name, purl }) => [name, purl])).toEqual([
      ['kit', undefined],
      ['six', 'pkg:pypi/six@1.17'],
    ]);
  });

  it.each([
    [['License-Expression: MIT OR (Apache-2.0 AND BSD-3-Clause)']],
    [['License-Expression: MIT', 'License: GPL', 'License: BSD']],
    [['License: MIT', 'License: MIT', 'License: "ours" <☃> & \\']],
    [['Requires-Dist: six', 'Requires-Dist: orders', 'Requires-Dist: orders']],
  ])('is valid of METADATA with %j', async (fields) => {
    const { components } = await bomOf(
      { ...ORDERS, six: { version: '1', fields } },
      'six==1',
    );

    expect(components).toHaveLength(1);
  });
});

describe('parseCoreMetadata', () => {
  it('reads licences and requirements, not those of extras', () => {
    expect(
      parseCoreMetadata(
        [
          'Name: a',
          'License: MIT',
          'Classifier: License :: OSI Approved :: MIT License',
          'Classifier: Programming Language :: Python',
          'Requires-Dist: Typing_Extensions (>=4)',
          'Requires-Dist: x[y]>=1; python_version < "3.13"',
          'Requires-Dist: z; extra == "all"',
          '',
          'License: no header',
        ].join('\n'),
      ),
    ).toEqual({
      licenseNames: ['MIT License'],
      requires: ['typing-extensions', 'x'],
    });
  });

  it('takes no text of a licence for its name', () => {
    expect(
      parseCoreMetadata(`License: ${'long '.repeat(20)}\n`).licenseNames,
    ).toEqual([]);
  });
});
