import { failureOf } from '../testing/errors';
import { artifactOptionsOf } from '../workspace/artifact-options';
import { closureParts, requireKnownProvided } from './closure-parts';
import { sampleService, useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

it('refuses the root of the workspace, and says where a service has to stand', () => {
  const root = temporaryFolder();
  expect(
    failureOf(() => closureParts(root, sampleService({ projectRoot: '.' }))),
  ).toBe(
    [
      'pyproject.toml: [tool.lambda-py]: the root of the workspace cannot be packed',
      '  found:    the service or layer orders at the root',
      '  expected: a service or a layer with a folder of its own, which [tool.uv.workspace] has as a member',
      '  mend:     move orders into a folder, for instance services/orders, and add that to [tool.uv.workspace] members; then "uv lock" and "nx sync"',
    ].join('\n'),
  );
});

describe('requireKnownProvided', () => {
  const service = sampleService({
    artifact: artifactOptionsOf({ provided: ['boto3', 'six'] }),
  });

  it('lists the names that there are', () => {
    expect(() => {
      requireKnownProvided(service, ['six', 'attrs']);
    }).toThrow(
      /provided: orders does not depend on [^]*found: {4}boto3\n {2}expected: names of its closure: attrs, six\n {2}mend: {5}correct/,
    );
    requireKnownProvided(service, ['boto3', 'six']);
  });

  it('says so where there are none', () => {
    expect(() => {
      requireKnownProvided(service, []);
    }).toThrow(
      /expected: no names: orders depends on nothing\n {2}mend: {5}remove "provided"$/,
    );
  });
});
