import { useTemporaryFolders } from '../../testing/temporary-folder';
import { graphCacheFolder } from '../nx-internal';
import { importEdgesOf } from './import-edges';

jest.mock('../nx-internal');
const makeFolder = useTemporaryFolders();

describe('importEdgesOf', () => {
  it('draws implicit edges between the projects as Nx names them', async () => {
    const folder = makeFolder();
    jest.mocked(graphCacheFolder).mockReturnValue(folder.path);
    const files = {
      'services/orders/src/orders/app.py': 'import shared, secret\n',
      'services/orders/src/orders/more.py': 'import shared\n',
      'libs/shared/src/shared/__init__.py': '',
      'libs/secret/src/secret/__init__.py': '',
    };
    for (const [file, text] of Object.entries(files)) folder.write(file, text);
    const project = (name: string, projectRoot: string) => ({
      name,
      projectRoot,
      tags: [],
      isLayer: false,
      layers: [],
      infrastructureKinds: [],
      isService: false,
      hasSourceFolder: true,
      isSourceLayout: true,
      hasReadme: false,
      hasPytestSettings: true,
      pathDependencies: [],
      dependencyNames: [],
      lockedNames: [],
    });
    const fileMap = (projectRoot: string) =>
      Object.keys(files)
        .filter((file) => file.startsWith(projectRoot))
        .map((file) => ({ file, hash: file }));
    expect(
      await importEdgesOf(
        {
          workspaceRoot: folder.path,
          workspace: {
            projects: [
              project('orders', 'services/orders'),
              project('shared', 'libs/shared'),
              project('secret', 'libs/secret'),
            ],
            hasPytestSettings: true,
            warnings: [],
          },
          declared: new Map(),
          // Nx ignores libs/secret.
          nxNames: new Map([
            ['services/orders', 'first'],
            ['libs/shared', 'second'],
          ]),
        },
        { first: fileMap('services/orders'), second: fileMap('libs/shared') },
      ),
    ).toEqual([{ source: 'first', target: 'second', type: 'implicit' }]);
  });
});
