import { join } from 'node:path';
import { findPython } from '../workspace/python';
import { startForkServer } from '../toolchain/pytest/fork-server';
import type { ForkServer } from '../toolchain/pytest/fork-server';
import type { PytestEnd } from '../toolchain/pytest/launcher';
import { useEnvironment, useTemporaryFolders } from './temporary-folder';

/** What a fork server of a test is started with. */
export interface ForkServerSetting {
  readonly plugins?: Readonly<Record<string, readonly string[]>>;
  /** The text of further modules, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Prepares fork servers for the tests of a file. Their pytest runs the program that it is given.
 *
 * @returns starts one that has preloaded some modules
 */
export function useForkServers() {
  const makeFolder = useTemporaryFolders();
  const setEnvironment = useEnvironment();

  const servers: ForkServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    jest.restoreAllMocks();
  });

  return async function start(
    preload: readonly string[] = [],
    { plugins = {}, files = {} }: ForkServerSetting = {},
  ) {
    const folder = makeFolder();
    folder.write('packages/pytest/__init__.py', '');
    folder.write(
      'packages/pytest/__main__.py',
      'import sys\nexec(compile(open(sys.argv[1]).read(), "test", "exec"))\n',
    );
    folder.write('packages/_pytest/__init__.py', '');
    folder.write('packages/_pytest/config.py', 'default_plugins = ()\n');
    folder.write('packages/kit/__init__.py', 'from kit import heavy\n');
    folder.write('packages/kit/heavy.py', 'VALUE = object()\n');
    folder.write('packages/kit/extra.py', 'VALUE = 1\n');
    folder.write(
      'packages/reader.py',
      'import os\nMODE = os.environ.get("MODE", "none")\n',
    );
    folder.write(
      'packages/warner.py',
      'import warnings\nwarnings.warn("old", DeprecationWarning)\n',
    );
    folder.write(
      'packages/changer.py',
      'import os\nos.environ["CHANGED"] = "1"\n',
    );
    folder.write('packages/caller.py', 'import kit\n');
    folder.write('packages/botocore/__init__.py', '_INITIALIZERS = ["own"]\n');
    folder.write(
      'packages/registrar.py',
      'import caller\nimport botocore\nbotocore._INITIALIZERS.append("registrar")\nimport reader\n',
    );
    folder.write('project/README.md', '');
    for (const [path, text] of Object.entries(files)) {
      folder.write(`packages/${path}`, text);
    }
    setEnvironment({ PYTHONPATH: join(folder.path, 'packages') });
    const { executable } = await findPython(folder.path);
    const spawned: string[] = [];
    const server = startForkServer({
      workspaceRoot: folder.path,
      python: executable,
      preload: { modules: preload, plugins },
      spawnPytest: () => {
        spawned.push('spawned');
        return Promise.resolve({
          exitCode: 0,
          timedOut: false,
          printedTooMuch: false,
        });
      },
    });
    servers.push(server);
    let programs = 0;
    const run = async (
      lines: readonly string[],
      {
        timeout = 20,
        env = {},
      }: { timeout?: number; env?: NodeJS.ProcessEnv } = {},
    ): Promise<PytestEnd & { output: string }> => {
      programs += 1;
      const file = folder.write(`${programs}.py`, `${lines.join('\n')}\n`);
      let output = '';
      const write = jest
        .spyOn(process.stdout, 'write')
        .mockImplementation((text) => {
          output += String(text);
          return true;
        });
      const end = await server.launch({
        args: [file],
        cwd: join(folder.path, 'project'),
        env: { ...process.env, ...env },
        timeout,
      });
      write.mockRestore();
      return { ...end, output };
    };
    return { folder, run, spawned, server };
  };
}
