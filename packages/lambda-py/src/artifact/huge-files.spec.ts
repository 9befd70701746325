import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as threads from './deflate-thread';
import { startDeflateWorkers } from './deflate-workers';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();
let running = 0;
const counts: number[] = [];

jest.mock('./deflate-thread', () => ({
  startDeflateThread: (warm: boolean) => {
    const thread = jest
      .requireActual<typeof threads>('./deflate-thread')
      .startDeflateThread(warm);
    running += 1;
    counts.push(running);
    return {
      ...thread,
      stop: async () => {
        await thread.stop();
        running -= 1;
      },
    };
  },
}));

describe('startDeflateWorkers', () => {
  it('deflates huge files in threads that end with them, and one after the other where two are too much', async () => {
    const folder = temporaryFolder();
    const location = join(folder, 'huge');
    const bytes = 20 * 1024 ** 2;
    writeFileSync(location, '');
    truncateSync(location, bytes);
    const file = {
      head: Buffer.alloc(64),
      source: { location, bytes },
      check: () => undefined,
    };
    const workers = startDeflateWorkers(folder, 1);
    const results = await Promise.all(
      [file, file, file, file].map((one) => workers.deflateFile(one)),
    );
    expect(results.map((result) => result.bytes)).toEqual(
      Array.from({ length: 4 }, () => bytes),
    );
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(running).toBe(0);
    await workers.stop();
  });
});
