import { workspaceRoot } from '@nx/devkit';
import { useEnvironment } from '../testing/temporary-folder';
import { graphCacheFolder } from './nx-internal';

const setEnvironment = useEnvironment();

it.each([
  [undefined, undefined],
  ['/data', undefined],
  ['data', 'older'],
  [undefined, 'older'],
])('is the folder that Nx uses: %s, %s', (newer, older) => {
  setEnvironment({
    NX_WORKSPACE_DATA_DIRECTORY: newer,
    NX_PROJECT_GRAPH_CACHE_DIRECTORY: older,
  });
  jest.isolateModules(() => {
    const { workspaceDataDirectory } = jest.requireActual<{
      readonly workspaceDataDirectory: string;
    }>('@nx/devkit/internal');
    expect(graphCacheFolder(workspaceRoot)).toBe(workspaceDataDirectory);
  });
});
