import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../shared/process.mjs';

const SMALL = [
  'boto3',
  'aws-lambda-powertools[parser,tracer]',
  'pydantic',
  'pydantic-settings',
  'httpx',
  'tenacity',
];

/** What is packed. */
export const WORKLOADS = {
  S: {
    title: 'one service, boto3 and Powertools',
    services: 1,
    dependencies: SMALL,
  },
  L: {
    title: 'one service, numpy, pandas and pyarrow',
    services: 1,
    dependencies: ['numpy', 'pandas', 'pyarrow'],
    // Together they are above Lambda's 250 MB: what programs never read goes.
    lean: true,
  },
  M: {
    title: '20 services and a shared library',
    services: 20,
    dependencies: SMALL,
    library: true,
  },
};

const BUILD_SYSTEM = `[build-system]
requires = ["uv_build>=0.11,<1"]
build-backend = "uv_build"
`;

/** The names of a workload's services. */
export function serviceNames({ services }) {
  return Array.from({ length: services }, (_, index) => `service-${index + 1}`);
}

/** The package of a service. */
export function packageOf(name) {
  return name.replaceAll('-', '_');
}

/** The file that is edited, and what it says before. */
export function handlerOf(root, name) {
  return {
    file: join(root, 'services', name, 'src', packageOf(name), 'handler.py'),
    text: `"""The handler."""\n\n\ndef handler(event: object, context: object) -> dict[str, int]:\n    """Answer."""\n    return {"answer": 42}\n`,
  };
}

/**
 * Writes a workload as a uv workspace, and locks it.
 *
 * @param {string} root where to
 * @param {object} workload one of {@link WORKLOADS}
 * @param {{ uv: string; python: string; table: string }} options `table`: more of [tool.lambda-py]
 */
export function writeWorkspace(root, workload, { uv, python }) {
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write(
    'pyproject.toml',
    '[tool.uv.workspace]\nmembers = ["services/*", "libs/*"]\n',
  );
  const projectOf = (name, dependencies) =>
    `[project]\nname = "${name}"\nversion = "0.1.0"\nrequires-python = ">=${python}"\ndependencies = ${JSON.stringify(dependencies)}\n${BUILD_SYSTEM}`;
  if (workload.library) {
    write('libs/shared/pyproject.toml', projectOf('acme-shared', []));
    write('libs/shared/src/acme_shared/__init__.py', 'VALUE = 1\n');
  }
  for (const name of serviceNames(workload)) {
    const own = workload.library ? ['acme-shared'] : [];
    write(
      `services/${name}/pyproject.toml`,
      [
        projectOf(name, [...workload.dependencies, ...own]),
        workload.library
          ? '[tool.uv.sources]\nacme-shared = { workspace = true }\n'
          : '',
        `[tool.lambda-py]\nhandler = "${packageOf(name)}.handler.handler"\nruntime = "python${python}"\narchitecture = "x86_64"\n`,
        workload.lean ? 'strip = ["tests", "stubs", "docs", "headers"]\n' : '',
      ].join(''),
    );
    write(`services/${name}/src/${packageOf(name)}/__init__.py`, '');
    const { file, text } = handlerOf('', name);
    write(file, text);
  }
  run(uv, ['lock', '--quiet'], { cwd: root });
}

/** The locked requirements of a service as pip reads them, a library of the workspace by its path. */
export function exportForPip(root, name, workload, uv) {
  const text = run(
    uv,
    [
      'export',
      ...['--quiet', '--frozen', '--no-dev', '--no-hashes', '--no-annotate'],
      ...['--no-header', '--no-emit-workspace', '--package', name],
    ],
    { cwd: root },
  );
  return workload.library ? `${text}${join(root, 'libs/shared')}\n` : text;
}

/** A subject's own copy of a workspace. */
export function copyWorkspace(from, to) {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}
