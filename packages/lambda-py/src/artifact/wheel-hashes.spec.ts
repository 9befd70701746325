import { lockText } from '../testing/lock-files';
import { parseLockFile } from '../workspace/lock-file';
import { parseRequirements } from './requirements-list';
import { linesForWheels } from './wheel-hashes';

it('linesForWheels: leaves the hash of an sdist out where there is a wheel', () => {
  const sdist = (hash: string) =>
    `sdist = { url = "https://index.example/a.tar.gz", hash = "sha256:${hash}" }`;
  const lock = parseLockFile(
    lockText([
      { name: 'six', hash: 'aa', lines: [sdist('bb')] },
      { name: 'docopt', lines: [sdist('cc')] },
    ]),
  );
  const requirements = parseRequirements(
    [
      "six==1.0 ; sys_platform == 'linux' --hash=sha256:bb --hash=sha256:aa",
      'docopt==1.0 --hash=sha256:cc',
      'other==1.0 --hash=sha256:dd',
    ].join('\n'),
    'requirements.txt',
  );
  expect(linesForWheels(lock, requirements)).toEqual([
    "six==1.0 ; sys_platform == 'linux' --hash=sha256:aa",
    'docopt==1.0 --hash=sha256:cc',
    'other==1.0 --hash=sha256:dd',
  ]);
});
