import { fakeUv } from './fake-python';
import { lockText } from './lock-files';
import type { TemporaryFolder } from './temporary-folder';

/**
 * Makes a workspace whose tools are scripts, each of which notes in the file `calls` how it was called.
 *
 * @param folder - the workspace's root
 * @param tools - shell by the name of the tool
 * @param sync - what `uv sync` does: shell; it succeeds when left out
 * @returns the path of a uv that makes no environment
 */
export function fakeEnvironment(
  folder: TemporaryFolder,
  tools: Readonly<Record<string, string>>,
  sync = 'exit 0',
): string {
  folder.write(
    'uv.lock',
    lockText([{ name: 'a', source: '{ editable = "libs/a" }' }]),
  );
  folder.write('libs/a/pyproject.toml', '[project]\nname = "a"\n');
  for (const [tool, script] of Object.entries(tools)) {
    folder.script(
      `.venv/bin/${tool}`,
      `echo "${tool} $*" >> "${folder.path}/calls"`,
      script,
    );
  }
  return folder.script(
    'fakes/uv',
    ...fakeUv('0.13.9'),
    `echo "uv $*" >> "${folder.path}/calls"`,
    sync,
  );
}
