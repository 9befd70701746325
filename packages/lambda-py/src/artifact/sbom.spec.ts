import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCoreMetadata } from './core-metadata';
import { describeBom } from './sbom';
import {
  sampleEntries,
  sampleService,
  useTemporaryFolders,
} from './testing/samples';

const temporaryFolder = useTemporaryFolders();

describe('describeBom', () => {
  const entries = sampleEntries({
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
    const first = await describeBom(root, sampleService(), entries);
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
    const again = await describeBom(root, sampleService(), entries);
    expect(Buffer.from(again).equals(first)).toBe(true);
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
