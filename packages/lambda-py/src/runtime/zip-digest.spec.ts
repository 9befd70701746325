import { mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { makeTestWorkspace } from './testing/test-workspace';
import { findZipDigest, keepZipDigest, settledIdentityOf } from './zip-digest';

const workspace = makeTestWorkspace();
const cache = join(workspace.root, 'cache');
const DIGEST = { sha256: 'abc', nativeEntries: ['a.so'] };

beforeAll(() => {
  mkdirSync(cache);
});
afterAll(() => {
  workspace.remove();
});

/** As if the file had been there for a while: its change time is the kernel's own. */
function later(seconds: number): void {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + seconds * 1000);
}
afterEach(() => jest.restoreAllMocks());

describe('the digest of a zip', () => {
  it('is kept for a file that does not change', () => {
    const path = workspace.write('a.zip', 'one');
    expect(findZipDigest(cache, path)).toBeUndefined();
    later(10);
    keepZipDigest(cache, path, settledIdentityOf(path) ?? '', DIGEST);
    expect(findZipDigest(cache, path)).toEqual(DIGEST);
  });

  it('is not that of a file of the same size and modification time', () => {
    const path = workspace.write('b.zip', 'one');
    utimesSync(path, 1, 1);
    later(10);
    keepZipDigest(cache, path, settledIdentityOf(path) ?? '', DIGEST);
    workspace.write('b.zip', 'two');
    utimesSync(path, 1, 1);
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(findZipDigest(cache, path)).toBeUndefined();
  });

  it('is not kept of a file that was written just now', () => {
    expect(settledIdentityOf(workspace.write('c.zip', ''))).toBeUndefined();
  });
});
