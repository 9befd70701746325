import {
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, planMembers } from './members.mjs';
import { run } from './process.mjs';
import { writeNxJson } from './variants.mjs';

/** The toolchain of `lambda-py init`, so that the lock file has the size of a real one. */
const ROOT_PYPROJECT = `[tool.uv.workspace]
members = ["libs/*", "services/*"]

[dependency-groups]
dev = [
  "aws-xray-sdk>=2.14",
  "bandit>=1.8",
  "black>=25",
  "boto3-stubs[dynamodb,secretsmanager,ssm]>=1.40",
  "coverage>=7.6",
  "httpx>=0.28",
  "moto[dynamodb,secretsmanager,ssm]>=5.1",
  "mypy>=1.18",
  "pytest>=8.4",
  "pytest-cov>=6",
  "ruff>=0.12",
  "time-machine>=2.16",
]

[tool.ruff]
line-length = 88
target-version = "py311"
src = ["libs/*/src", "services/*/src"]
`;

/**
 * Writes a uv workspace that is a git repository and an Nx workspace without plugins, locks it with uv and writes its
 * locked requirements.
 *
 * @param {string} root an absolute path that does not exist
 * @param {object} options
 * @param {number} options.count how many members
 * @param {'six targets' | 'same graph'} [options.projectJson] what the project.json of each member has, for what infers no
 *   projects: what most have, or the very nodes and edges of lambda-py
 * @param {string} options.installation the folder with package.json, package-lock.json and node_modules
 * @param {{ command: string; prefix: readonly string[] }} options.uv
 * @param {Record<string, string>} options.packageFiles package.json and package-lock.json
 * @param {ReturnType<typeof import('./plugin.mjs').loadPlugin>} options.plugin
 * @returns the members
 */
export function makeWorkspace(
  root,
  { count, projectJson, installation, uv, packageFiles, plugin },
) {
  const members = planMembers(count);
  const write = (file, content) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  for (const [file, content] of Object.entries(packageFiles)) {
    write(file, content);
  }
  write('pyproject.toml', ROOT_PYPROJECT);
  write('.python-version', '3.11\n');
  write('.gitignore', 'node_modules\n.nx\n.venv\n__pycache__\n');
  for (const member of members) {
    for (const [file, content] of Object.entries(filesOf(member))) {
      write(file, content);
    }
    if (projectJson === 'six targets') {
      write(`${member.root}/project.json`, projectJsonOf(member));
    }
  }
  symlinkSync(join(installation, 'node_modules'), join(root, 'node_modules'));
  run(uv.command, [...uv.prefix, 'lock', '--quiet'], { cwd: root });
  writeRequirements(root, plugin, write);
  if (projectJson === 'same graph') writeGraph(root, write);
  run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root });
  run('git', ['add', '--all'], { cwd: root });
  run(
    'git',
    [
      ...['-c', 'user.name=benchmark', '-c', 'user.email=b@example.invalid'],
      ...['commit', '--quiet', '--message=new'],
    ],
    { cwd: root },
  );
  return members;
}

/**
 * Writes every requirements.txt as `nx sync` would, by the plugin's own plan and header, but without a `uv export` for
 * each, which at 5,000 members is minutes: the body has the pins and hashes of the member's closure.
 */
function writeRequirements(root, plugin, write) {
  const text = readFileSync(join(root, 'uv.lock'), 'utf8');
  const lock = plugin.lockFile.parseLockFile(text);
  const summary = plugin.lockSummary.summariseLock(text);
  for (const { file, digest } of plugin.locked.lockedRequirementsOf(
    summary,
    // None has extras, which is where it matters.
    () => true,
  )) {
    const name = file.split('/').at(-2);
    const body = pinsOf(lock, name ?? 'moto');
    write(file, plugin.requirements.renderRequirements(body, digest));
  }
}

function pinsOf(lock, name) {
  const seen = new Set();
  const lines = [];
  const visit = (dependency) => {
    if (seen.has(dependency)) return;
    seen.add(dependency);
    for (const locked of lock.packages.get(dependency) ?? []) {
      const artifacts = [locked.sdist, ...locked.wheels].filter(Boolean);
      if (artifacts.length > 0) {
        lines.push(
          [
            `${locked.name}==${locked.version}`,
            ...artifacts.map(({ hash }) => `    --hash=${hash}`),
          ].join(' \\\n'),
        );
      }
      for (const { name: next } of locked.dependencies) visit(next);
    }
  };
  visit(name);
  return `${lines.sort().join('\n')}\n`;
}

/** Writes what lambda-py tells Nx of the workspace as if somebody had written it by hand. */
function writeGraph(root, write) {
  writeNxJson(root, { plugins: ['lambda-py'] });
  const data = join(root, '.nx', 'made');
  const file = join(data, 'graph.json');
  run(
    process.execPath,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`],
    {
      cwd: root,
      env: {
        ...process.env,
        NX_DAEMON: 'false',
        NX_WORKSPACE_DATA_DIRECTORY: data,
      },
    },
  );
  const { nodes, dependencies } = JSON.parse(readFileSync(file, 'utf8')).graph;
  remove(data);
  for (const { name, data: configuration } of Object.values(nodes)) {
    const project = {
      ...configuration,
      implicitDependencies: dependencies[name].map(({ target }) => target),
    };
    write(
      join(configuration.root, 'project.json'),
      `${JSON.stringify(project, undefined, 2)}\n`,
    );
  }
}

/** A project as `@nxlv/python:uv-project` and most hand-written ones describe it: six targets. */
function projectJsonOf({ name, root, isService }) {
  const target = (command, extra = {}) => ({
    executor: 'nx:run-commands',
    options: { command, cwd: root },
    cache: true,
    inputs: ['{projectRoot}/**/*', '{workspaceRoot}/pyproject.toml'],
    ...extra,
  });
  const configuration = {
    name,
    root,
    sourceRoot: `${root}/src`,
    projectType: isService ? 'application' : 'library',
    tags: [`type:${isService ? 'service' : 'library'}`],
    targets: {
      lint: target('ruff check .', { outputs: [] }),
      format: target('ruff format .', { cache: false }),
      typecheck: target('mypy .', { outputs: [] }),
      test: target('pytest', {
        outputs: ['{workspaceRoot}/coverage/{projectRoot}'],
      }),
      pack: target('uv build', { outputs: ['{projectRoot}/dist'] }),
      sync: target('uv sync', { cache: false }),
    },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

/** Removes a folder with all that is in it. */
export function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}
