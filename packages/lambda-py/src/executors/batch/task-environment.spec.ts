import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { ownEnvironment } from './task-environment';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const TASK = {
  target: { project: 'a', target: 'test', configuration: 'ci' },
  projectRoot: 'libs/a',
};

describe('ownEnvironment', () => {
  it('is none where a task has no files, or only those that Nx has loaded', () => {
    const folder = makeFolder();
    expect(ownEnvironment(folder.path, TASK)).toBeUndefined();
    folder.write('.env', 'A=1\n');
    folder.write('libs/b/.env', 'A=2\n');
    expect(ownEnvironment(folder.path, TASK)).toBeUndefined();
  });

  it('has the strongest value of each variable, with others in it', () => {
    const folder = makeFolder();
    setEnvironment({ ROOT: 'root', SHELL_SAYS: 'shell', NAME: 'root' });
    folder.write('.env', 'ROOT=root\nNAME=root\n');
    folder.write(
      'libs/a/.env',
      'NAME=project\nWHO="I am ${NAME}"\nSHELL_SAYS=file\n',
    );
    folder.write('libs/a/.env.test.ci', 'NAME=target\n');
    expect(ownEnvironment(folder.path, TASK)).toMatchObject({
      ROOT: 'root',
      NAME: 'target',
      WHO: 'I am target',
      SHELL_SAYS: 'shell',
    });
  });

  it('is none where Nx is told to load no such files', () => {
    const folder = makeFolder();
    setEnvironment({ NX_LOAD_DOT_ENV_FILES: 'false' });
    folder.write('libs/a/.env', 'A=1\n');
    expect(ownEnvironment(folder.path, TASK)).toBeUndefined();
  });
});
