import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { npm, repositoryRoot } from '../../tools/run.mjs';
import { run } from '../shared/process.mjs';

/** The versions of what is compared. */
export const VERSIONS = {
  nx: '23.2.1',
  nxlv: '23.1.1',
  sam: '1.170.0',
  serverless: '3.40.0',
  serverlessPythonRequirements: '6.1.2',
  uv: '0.13.9',
};

/**
 * Installs the plugin and its peers, each where it disturbs no other. A peer that cannot be installed is left out.
 *
 * @param {string} folder where to; what is there already is kept
 * @param {string} interpreter a Python
 * @returns {{ uv: string; installation: string; tools: Record<string, string>; missing: Map<string, Error> }}
 */
export function install(folder, interpreter) {
  const missing = new Map();
  const attempt = (name, work) => {
    const path = join(folder, name);
    try {
      // Written last: an installation that was interrupted is begun anew.
      const mark = join(path, '.installed');
      if (!existsSync(mark)) {
        console.error(`installing ${name}`);
        rmSync(path, { recursive: true, force: true });
        work(path);
        writeFileSync(mark, '');
      }
    } catch (error) {
      missing.set(name, error);
    }
    return path;
  };
  const pip = (path, ...packages) => {
    run(interpreter, ['-m', 'venv', path]);
    run(join(path, 'bin/pip'), [
      ...['install', '--quiet', '--disable-pip-version-check'],
      ...packages,
    ]);
  };
  const npmInstall = (path, dependencies) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, 'package.json'),
      JSON.stringify({ name: 'acme', private: true, dependencies }),
    );
    run(
      npm.command,
      [...npm.prefix, 'install', '--no-audit', '--no-fund', '--silent'],
      { cwd: path },
    );
  };
  const uv = attempt('uv', (path) => pip(path, `uv==${VERSIONS.uv}`));
  const installation = attempt('lambda-py', (path) =>
    npmInstall(path, {
      '@nx/devkit': VERSIONS.nx,
      'lambda-py': `file:${packPlugin()}`,
      nx: VERSIONS.nx,
    }),
  );
  const required = missing.get('uv') ?? missing.get('lambda-py');
  if (required !== undefined) throw required;
  return {
    uv: join(uv, 'bin/uv'),
    installation,
    tools: {
      sam: attempt('sam', (path) => pip(path, `aws-sam-cli==${VERSIONS.sam}`)),
      nxlv: attempt('nxlv', (path) =>
        npmInstall(path, {
          '@nx/devkit': VERSIONS.nx,
          '@nxlv/python': VERSIONS.nxlv,
          nx: VERSIONS.nx,
        }),
      ),
      serverless: attempt('serverless', (path) =>
        npmInstall(path, {
          serverless: VERSIONS.serverless,
          'serverless-python-requirements':
            VERSIONS.serverlessPythonRequirements,
        }),
      ),
    },
    missing,
  };
}

function packPlugin() {
  run(process.execPath, [join(repositoryRoot, 'tools/package.mjs')], {
    cwd: repositoryRoot,
  });
  const dist = join(repositoryRoot, 'dist');
  const name = readdirSync(dist).find((file) =>
    /^lambda-py-.*\.tgz$/.test(file),
  );
  return join(dist, name);
}
