// Builds the plugin and writes its tarball to dist/lambda-py-<version>.tgz.
import { join } from 'node:path';
import { npm, repositoryRoot, runOrExit, runTool } from './run.mjs';

runTool('nx/dist/bin/nx.js', ['run', 'lambda-py:build']);
runOrExit(
  npm.command,
  [
    ...npm.prefix,
    'pack',
    '--silent',
    '--pack-destination',
    repositoryRoot + '/dist',
  ],
  { cwd: join(repositoryRoot, 'dist', 'packages', 'lambda-py') },
);
