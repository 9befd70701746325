// Puts each executor and what it needs of this package into one file: a task's process loads one module instead of a hundred
// and more, which takes half as long. Libraries stay dependencies. Everything else is as tsc compiled it.
import { build } from 'esbuild';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from './run.mjs';

const source = join(repositoryRoot, 'packages/lambda-py');
const compiled = join(repositoryRoot, 'dist/compiled/lambda-py');
const bundled = join(repositoryRoot, 'dist/packages/lambda-py');

const { executors } = JSON.parse(
  readFileSync(join(source, 'executors.json'), 'utf8'),
);
const modules = Object.values(executors).flatMap(
  ({ implementation, batchImplementation = [] }) => [
    implementation,
    ...[batchImplementation].flat(),
  ],
);

/** Files that stand beside a module are found from where its code is now. */
const keepFolders = {
  name: 'keep-folders',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(
        /\b__(?:dirname|filename)\b/g,
        (name) => fromExecutor(name === '__dirname' ? dirname(path) : path),
      ),
    }));
    // Of what is named for another process, the path is needed, and not the code.
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'require-resolve' ? { path, external: true } : undefined,
    );
  },
};

/** All executors are in folders of the same depth. */
function fromExecutor(path) {
  const steps = relative(join(source, 'src/executors/any'), path);
  return `require('node:path').join(__dirname, ${JSON.stringify(steps.replaceAll('\\', '/'))})`;
}

rmSync(bundled, { recursive: true, force: true });
cpSync(compiled, bundled, { recursive: true });
await build({
  entryPoints: modules.map((module) => join(source, `${module}.ts`)),
  outbase: source,
  outdir: bundled,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  plugins: [keepFolders],
  logLevel: 'warning',
});
