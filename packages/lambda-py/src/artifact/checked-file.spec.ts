import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkedFile } from './checked-file';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

describe('checkedFile', () => {
  it('tells a file that is missing from a work folder that was removed', () => {
    const folder = temporaryFolder({ 'six.py': '' });
    const file = checkedFile(folder, 'six', { path: 'six.py' }, () => ['six']);
    expect(file.read()).toHaveLength(0);
    rmSync(join(folder, 'six.py'));
    expect(() => file.read()).toThrow(
      /a file of six is not what its wheel says[^]*six\.py is missing\n.*uv cache clean six/,
    );
    rmSync(folder, { recursive: true });
    expect(() => file.read()).toThrow(
      /^the work folder was removed while pack needed it\n.*is missing\n.*pack again/,
    );
  });
});
