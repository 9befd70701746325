import { artifactOptionsOf } from '../workspace/artifact-options';
import type { Layer } from '../workspace/service';
import { gapWarnings, layerGaps } from './layer-gaps';
import { archiveInMemory } from './archive-cache';
import { artifactContents } from './artifact-contents';
import { entriesOf } from './merge-segments';
import { selectEntries } from './select-entries';
import {
  sampleArchive,
  sampleSegments,
  sampleService,
} from './testing/samples';

const SEGMENTS = sampleSegments({
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
  const entries = await selectEntries(entriesOf(SEGMENTS), layer);
  const archive = archiveInMemory({
    key: '',
    segments: SEGMENTS,
    entries,
    prefix: 'python/',
  });
  const gaps = await layerGaps(
    artifactContents(archive, [], []),
    layer,
    service,
  );
  // Whether distributions are of an index or of the workspace, the same is missed.
  const local = artifactContents(sampleArchive([]), SEGMENTS, entries);
  expect(await layerGaps(local, layer, service)).toEqual(gaps);
  return Object.fromEntries(gaps);
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
    ['all of a distribution is left out', { exclude: ['six.py'] }, {}],
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
