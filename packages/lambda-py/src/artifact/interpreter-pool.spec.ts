import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../workspace/python';
import { startInterpreterPool } from './interpreter-pool';
import type { InterpreterPool } from './interpreter-pool';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

describe('startInterpreterPool', () => {
  let folder: string;
  let pool: InterpreterPool;
  const onEnd = jest.fn();

  beforeEach(async () => {
    folder = temporaryFolder();
    const { executable } = await findPython(process.cwd());
    const noting = join(folder, 'python');
    writeFileSync(
      noting,
      `#!/bin/sh\necho started >> '${folder}/starts'\nexec '${executable}' "$@"\n`,
    );
    chmodSync(noting, 0o755);
    pool = startInterpreterPool(noting, onEnd);
  });

  afterEach(() => {
    expect(onEnd).not.toHaveBeenCalled();
  });

  const compile = async (...sizes: readonly number[]): Promise<void> => {
    const sources = sizes.map((size) => ({
      path: 'a',
      content: Buffer.alloc(size, '#\n'),
    }));
    await expect(
      pool.work('compile', () => folder, sources),
    ).resolves.toMatchObject(sizes.map(() => ({ isDone: true })));
  };
  const starts = (): number =>
    readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n').length;

  it('ends a process that has compiled much when there is nothing to do, and no other', async () => {
    await compile(1000);
    pool.rest();
    await compile(...Array.from({ length: 50 }, () => 100_000));
    await compile(1000);
    expect(starts()).toBe(1);
    const working = compile(1000);
    // It has something to do.
    pool.rest();
    await working;
    expect(starts()).toBe(1);
    pool.rest();
    await compile(1000);
    expect(starts()).toBe(2);
  });

  it('gives nothing more to a process that has a long source, which finishes what it has', async () => {
    await Promise.all([compile(1000), compile(300_000), compile(1000)]);
    expect(starts()).toBe(2);
    await compile(1000);
    expect(starts()).toBe(2);
  });
});
