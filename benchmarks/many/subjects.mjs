import {
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { VERSIONS } from '../pack/install.mjs';
import { commit, makeWorkspace, serviceNames } from './workspace.mjs';

/** What is run, as each subject names it. */
export const TARGETS = ['lint', 'typecheck', 'test', 'pack'];

const NX = 'node_modules/nx/dist/bin/nx.js';
/** What a tool keeps beside its sources. */
const TOOL_CACHES = ['.ruff_cache', '.mypy_cache', '.pytest_cache'];

/**
 * What is compared: the same services under this plugin, and under `@nxlv/python` with a task for each project and tool.
 *
 * @param {{ installation: string; tools: { nxlv: string }; python: string }} context
 */
export function subjects({ installation, tools, python }) {
  const nx = join(installation, NX);
  const lambdaPy = (root, count) => {
    makeWorkspace(root, count, {
      nx,
      manifest: { name: 'acme', version: '0.0.0', private: true },
      link: (folder) =>
        symlinkSync(
          join(installation, 'node_modules'),
          join(folder, 'node_modules'),
        ),
    });
  };
  // Its pytest reads a project's settings in the project's folder, and so has to be run there.
  const nxlv = (root, count) => {
    lambdaPy(root, count);
    rmSync(join(root, 'node_modules'));
    symlinkSync(join(tools.nxlv, 'node_modules'), join(root, 'node_modules'));
    writePeerProjects(root, count, {
      pyright: join(installation, 'node_modules/pyright/index.js'),
      python,
    });
    commit(root, 'as @nxlv/python has it');
  };
  return [
    { name: 'lambda-py', nx, prepare: lambdaPy, args: [], reset },
    {
      name: 'lambda-py, formatter ruff',
      nx,
      prepare: (root, count) => {
        lambdaPy(root, count);
        formatWithRuff(root);
        commit(root, 'formatted by ruff');
      },
      only: ['lint'],
      args: [],
      reset,
    },
    {
      name: 'lambda-py, task by task',
      nx,
      prepare: lambdaPy,
      args: ['--batch=false'],
      reset,
    },
    {
      name: '@nxlv/python',
      nx: join(tools.nxlv, NX),
      prepare: nxlv,
      args: [],
      reset,
    },
    {
      name: '@nxlv/python, ruff-format too',
      nx: join(tools.nxlv, NX),
      prepare: nxlv,
      only: ['lint'],
      args: ['--targets=format'],
      reset,
    },
  ];
}

/** Takes away what earlier runs have left: Nx's cache, the artifacts and the caches of the tools. */
function reset(root) {
  for (const path of ['.nx', 'dist', 'coverage', ...TOOL_CACHES]) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
}

function formatWithRuff(root) {
  const file = join(root, 'nx.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.targetDefaults = { lint: { options: { formatter: 'ruff' } } };
  writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}

function writePeerProjects(root, count, { pyright, python }) {
  writeFileSync(
    join(root, 'nx.json'),
    JSON.stringify({
      analytics: false,
      defaultBase: 'main',
      neverConnectToCloud: true,
      plugins: [{ plugin: '@nxlv/python', options: { packageManager: 'uv' } }],
      namedInputs: { default: ['{projectRoot}/**/*'] },
      targetDefaults: Object.fromEntries(
        [...TARGETS, 'format'].map((target) => [
          target,
          { cache: true, inputs: ['default', '^default'] },
        ]),
      ),
    }),
  );
  const projects = [
    ...serviceNames(count).map((name) => ({
      name,
      folder: `services/${name}`,
      isService: true,
    })),
    ...['contracts', 'lambda-kit'].map((name) => ({
      name,
      folder: `libs/${name}`,
      isService: false,
    })),
  ];
  for (const { name, folder, isService } of projects) {
    if (!existsSync(join(root, folder))) continue;
    writeFileSync(
      join(root, folder, 'project.json'),
      JSON.stringify({
        name,
        projectType: isService ? 'application' : 'library',
        sourceRoot: `${folder}/src`,
        targets: peerTargets(name, folder, isService, { pyright, python }),
      }),
    );
  }
}

function peerTargets(name, folder, isService, { pyright, python }) {
  const commands = (command, cwd) => ({
    executor: '@nxlv/python:run-commands',
    options: { command, cwd },
  });
  return {
    lint: {
      executor: '@nxlv/python:ruff-check',
      // Relative to the project's folder.
      options: { lintFilePatterns: ['.'] },
    },
    format: {
      executor: '@nxlv/python:ruff-format',
      options: { filePatterns: ['.'], check: true },
    },
    typecheck: commands(
      `node ${JSON.stringify(pyright)} --project . ${folder}`,
      '.',
    ),
    test: commands(
      'python -m pytest --cov --cov-branch --cov-report=term-missing',
      folder,
    ),
    ...(isService
      ? {
          pack: {
            executor: '@nxlv/python:package-dependencies',
            outputs: [`{workspaceRoot}/dist/${folder}`],
            options: {
              outputPath: `dist/${folder}/${name}.zip`,
              platform: 'manylinux2014_x86_64',
              pythonVersion: python,
              abi: `cp${python.replace('.', '')}`,
            },
          },
        }
      : {}),
  };
}

/** The versions of what is compared. */
export { VERSIONS };
