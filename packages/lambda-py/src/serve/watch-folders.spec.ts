import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTestWorkspace } from '../runtime/testing/test-workspace';
import { watchFolders } from './watch-folders';
import type { FolderWatch } from './watch-folders';

const workspace = makeTestWorkspace();
let watch: FolderWatch | undefined;
let changes: string[][] = [];

beforeEach(() => {
  changes = [];
  workspace.write('services/my orders/src/a.py', '');
  workspace.write('libs/kit/src/b.py', '');
  workspace.write('.env.served', '');
});
afterEach(() => watch?.close());
afterAll(() => {
  workspace.remove();
});

async function follow(
  folders: readonly string[],
  files: readonly string[] = [],
): Promise<FolderWatch> {
  watch = await watchFolders(workspace.root, folders, files, (paths) =>
    changes.push([...paths].sort()),
  );
  return watch;
}

async function told(): Promise<string[]> {
  while (changes.length === 0) await delay(20);
  return changes.splice(0).flat();
}

describe('watchFolders', () => {
  it('tells of files that change, come and go, and of no others', async () => {
    await follow(['services/my orders'], ['.env.served']);
    workspace.write('libs/kit/src/b.py', '1');
    workspace.write('services/my orders/.pytest_cache/x', '1');
    workspace.write('services/my orders/src/__pycache__/a.pyc', '1');
    workspace.write('services/my orders/src/a.py', '1');
    expect(await told()).toEqual(['services/my orders/src/a.py']);
    workspace.write('services/my orders/src/deep/new.py', '1');
    expect(await told()).toContain('services/my orders/src/deep/new.py');
    rmSync(join(workspace.root, 'services/my orders/src/a.py'));
    expect(await told()).toEqual(['services/my orders/src/a.py']);
    workspace.write('.env.served', 'A=1');
    expect(await told()).toEqual(['.env.served']);
  });

  it('tells of many changes at once', async () => {
    await follow(['libs/kit']);
    for (let file = 0; file < 5; file += 1)
      workspace.write(`libs/kit/src/many${file}.py`, '1');
    expect(await told()).toHaveLength(5);
  });

  it('follows other folders', async () => {
    const started = await follow(['services/my orders']);
    started.follow(['libs/kit']);
    await delay(300);
    workspace.write('services/my orders/src/a.py', '2');
    mkdirSync(join(workspace.root, 'libs/kit/src'), { recursive: true });
    workspace.write('libs/kit/src/b.py', '2');
    expect(await told()).toEqual(['libs/kit/src/b.py']);
  });
});
