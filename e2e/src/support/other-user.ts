import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { engineCommand } from './engine';

// Debian's nobody, who owns nothing.
const USER_ID = 65534;

/** Runs the rest of its arguments as another user, in no group but their own. */
export const AS_OTHER_USER = [
  'setpriv',
  `--reuid=${USER_ID}`,
  `--regid=${USER_ID}`,
  '--clear-groups',
] as const;

/** Tells whether this user may run the engine as another one, who can then read it and has a Python. */
export function canPackAsOtherUser(): boolean {
  const [command, ...args] = AS_OTHER_USER;
  const engine = engineCommand({ root: '' })[1] ?? '';
  const script = 'test -r "$1" && "$2" --version && python3 -m venv --help';
  const { status } = spawnSync(
    command,
    [...args, 'sh', '-c', script, 'sh', engine, process.execPath],
    { cwd: '/', stdio: 'ignore' },
  );
  return status === 0;
}

/** Gives paths below a folder to that user. */
export function giveToOtherUser(
  root: string,
  ...paths: readonly string[]
): void {
  const { status, stderr } = spawnSync(
    'chown',
    ['-R', `${USER_ID}:${USER_ID}`, ...paths.map((path) => join(root, path))],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}
