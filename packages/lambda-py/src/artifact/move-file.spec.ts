import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveFile } from './move-file';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

describe('moveFile', () => {
  it('gives all of a file piece by piece, and removes it', () => {
    const location = join(temporaryFolder(), 'a');
    const content = randomBytes(600_000);
    writeFileSync(location, content);
    const pieces: Buffer[] = [];
    moveFile(location, content.length, (piece) =>
      pieces.push(Buffer.from(piece)),
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.compare(Buffer.concat(pieces), content)).toBe(0);
    expect(existsSync(location)).toBe(false);
  });

  it('does not take a part for the whole', () => {
    const location = join(temporaryFolder(), 'a');
    writeFileSync(location, 'half');
    expect(() => {
      moveFile(location, 8, () => undefined);
    }).toThrow('was cut off');
  });
});
