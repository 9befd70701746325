import { useTemporaryFolders } from '../testing/temporary-folder';
import { isSourceLayout } from './source-layout';

const makeFolder = useTemporaryFolders();
const BUILT = { isBuiltByDefault: true, isPackage: true };

describe('isSourceLayout', () => {
  it('is told by the settings and the folder', () => {
    const workspace = makeFolder();
    workspace.write('libs/a/pyproject.toml', '');
    expect(isSourceLayout(workspace.path, 'libs/a', BUILT)).toBe(false);
    workspace.write('libs/a/src/a/__init__.py', '');
    expect(isSourceLayout(workspace.path, 'libs/a', BUILT)).toBe(true);
    for (const key of ['isBuiltByDefault', 'isPackage']) {
      const other = { ...BUILT, [key]: false };
      expect(isSourceLayout(workspace.path, 'libs/a', other)).toBe(false);
    }
  });

  it('is not certain with a hatch.toml, which may add any folder', () => {
    const workspace = makeFolder();
    workspace.write('libs/a/src/a/__init__.py', '');
    workspace.write('libs/a/hatch.toml', '');
    expect(isSourceLayout(workspace.path, 'libs/a', BUILT)).toBe(false);
  });
});
