import { failureOf } from '../testing/errors';
import { closureParts } from './closure-parts';
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
