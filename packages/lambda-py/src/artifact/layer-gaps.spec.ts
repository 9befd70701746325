import { artifactOptionsOf } from '../workspace/artifact-options';
import type { Layer } from '../workspace/service';
import { gapWarnings, layerGaps } from './layer-gaps';
import { selectEntries } from './select-entries';
import { sampleEntries, sampleService } from './testing/samples';

const ENTRIES = sampleEntries({
  botocore: {
    'botocore/client.py': '',
    'botocore/data/s3/service-2.json.gz': '',
    'botocore/data/sqs/service-2.json.gz': '',
    'botocore/data/sts/service-2.json.gz': '',
    'botocore/tests/test_client.py': '',
  },
  six: { 'six.py': '' },
});

type Table = Parameters<typeof artifactOptionsOf>[0];

async function gapsOf(
  layerTable: Table,
  serviceTable: Table,
): Promise<Record<string, readonly string[]>> {
  const { runtime, architecture } = sampleService();
  const layer: Layer = {
    projectName: 'aws-layer',
    packageName: 'aws_layer',
    projectRoot: 'layers/aws-layer',
    runtime,
    architecture,
    artifact: artifactOptionsOf(layerTable),
  };
  const service = sampleService({ artifact: artifactOptionsOf(serviceTable) });
  const entries = await selectEntries(ENTRIES, layer);
  return Object.fromEntries(await layerGaps(entries, layer, service));
}

describe('layerGaps', () => {
  it.each<[string, Table, Table]>([
    ['nothing is left out', {}, {}],
    ['what no program reads is left out', { strip: ['tests'] }, {}],
    [
      'the service wants no more',
      { 'botocore-services': ['s3'] },
      { 'botocore-services': ['s3'] },
    ],
    [
      'the service wants less',
      { 'botocore-services': ['s3', 'sqs'] },
      { 'botocore-services': ['s3'] },
    ],
    [
      'the service leaves out the same',
      { exclude: ['botocore/tests'] },
      { strip: ['tests'] },
    ],
  ])('finds none where %s', async (_, layer, service) => {
    await expect(gapsOf(layer, service)).resolves.toEqual({});
  });

  it.each<[Table, Table]>([
    [{ 'botocore-services': ['s3'] }, {}],
    [{ 'botocore-services': ['s3'] }, { 'botocore-services': ['s3', 'sqs'] }],
    [{ exclude: ['botocore/data/sqs'] }, { strip: ['tests'] }],
  ])('finds what the service would miss: %j', async (layer, service) => {
    await expect(gapsOf(layer, service)).resolves.toEqual({
      botocore: ['botocore/data/sqs/service-2.json.gz'],
    });
  });

  it('is told of, with a path and the mend', () => {
    expect(
      gapWarnings('aws-layer', sampleService(), new Map([['six', ['a', 'b']]])),
    ).toEqual([
      'aws-layer leaves out files of six (a and 1 more), so orders packs six itself; to share it, give both the same "exclude" and "botocore-services"',
    ]);
  });
});
