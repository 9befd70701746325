// Answers what Nx would do in the workspace that it is started in, without running a task: the same functions of Nx, in
// the same order, as `nx run-many`, `nx show projects --affected` and `nx sync`, by their paths in Nx 23.2.
//
// Reads a line of JSON from stdin, answers with a line of JSON on stdout, and so on until stdin ends. Between two lines
// the workspace may change: what Nx keeps of it in memory is dropped before each answer.
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

process.env.NX_DAEMON = 'false';
// In this process instead of in a worker for each plugin, which costs a second and answers the same.
process.env.NX_ISOLATE_PLUGINS = 'false';
const root = process.cwd();

const require = createRequire(join(root, 'package.json'));
const nx = join(dirname(require.resolve('nx/package.json')), 'dist', 'src');
const load = (path) => require(join(nx, path));

const context = load('utils/workspace-context');
const { createProjectGraphAsync } = load('project-graph/project-graph');
const { createTaskGraph } = load('tasks-runner/create-task-graph');
const { createTaskHasher } = load('hasher/create-task-hasher');
const { hashTasks } = load('hasher/hash-task');
const { readNxJson } = load('config/nx-json');
const { parseFiles } = load('utils/command-line-utils');
const { calculateFileChanges } = load('project-graph/file-utils');
const { filterAffected } = load(
  'project-graph/affected/affected-project-graph',
);
const { FsTree, flushChanges } = load('generators/tree');

// Nx takes a file of the same time, in whole seconds, for the same; a test edits faster than that.
const FILE_TIMES = join(root, '.nx', 'workspace-data', 'nx_files.nxt');

// What Nx and the plugin say belongs on stderr: stdout is for the answers.
console.log = console.error;
console.warn = console.error;

async function readGraph() {
  context.resetWorkspaceContext();
  rmSync(FILE_TIMES, { force: true });
  context.setupWorkspaceContext(root);
  return createProjectGraphAsync({ exitOnError: false });
}

const commands = {
  /** The hash of every task of these targets, and the projects that differ from the last commit. */
  async inspect({ targets, variables = {} }) {
    const graph = await readGraph();
    const nxJson = readNxJson();
    const taskGraph = createTaskGraph(
      graph,
      {},
      Object.values(graph.nodes)
        .filter(({ data }) => targets.some((target) => data.targets?.[target]))
        .map(({ name }) => name),
      targets,
      undefined,
      {},
      false,
    );
    // Nx itself takes the environment of a task once, for as long as its process lives.
    const environment = { ...process.env, ...variables };
    await hashTasks(
      createTaskHasher(graph, nxJson, {}),
      graph,
      taskGraph,
      Object.fromEntries(
        Object.keys(taskGraph.tasks).map((id) => [id, environment]),
      ),
      null,
    );
    const range = { base: 'HEAD' };
    const changes = calculateFileChanges(parseFiles(range).files, range);
    const affected = await filterAffected(graph, changes, nxJson);
    return {
      affected: Object.keys(affected.nodes).sort(),
      hashes: Object.fromEntries(
        Object.values(taskGraph.tasks).map(({ id, hash }) => [id, hash]),
      ),
    };
  },

  /** What `nx sync` writes. */
  async sync() {
    const plugin = dirname(require.resolve('lambda-py/package.json'));
    const { default: generate } = require(
      join(plugin, 'src', 'generators', 'sync', 'generator.js'),
    );
    const tree = new FsTree(root, false);
    await generate(tree);
    const changes = tree.listChanges();
    flushChanges(root, changes);
    return { files: changes.map(({ path }) => path) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    const { command, ...options } = JSON.parse(line);
    reply = await commands[command](options);
  } catch (error) {
    reply = { error: error.stack ?? String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
