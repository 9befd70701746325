// Locks the tools of `validate`, with hashes: edit *.in beside the files that it writes, then run it. Needs uv.
import { join } from 'node:path';
import { repositoryRoot, runOrExit } from './run.mjs';

const folder = join(
  repositoryRoot,
  'packages/lambda-py/src/toolchain/infrastructure/files',
);
for (const name of ['sam', 'cdk', 'emulator']) {
  runOrExit(
    process.env.LAMBDA_PY_UV ?? 'uv',
    [
      ...['pip', 'compile', '--quiet', '--universal', '--generate-hashes'],
      ...['--python-version', '3.11', '--no-header', '--no-emit-index-url'],
      ...[`${name}.in`, '--output-file', `${name}.txt`],
    ],
    { cwd: folder },
  );
}
