import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BROKEN_WORKSPACES } from './scenarios/broken-workspaces';
import { ALL, createScenarioWorkspace } from './support/scenario-workspace';
import type { Outcome, Workspace } from './support/workspace';

// No permission stops root: the tests run Nx as somebody else.
const NOBODY = '65534';
const IS_ROOT = process.getuid?.() === 0;

describe('the project graph of a workspace with', () => {
  let workspace: Workspace;

  const nxAsUser = (args: readonly string[]): Outcome => {
    const nx = join(workspace.root, 'node_modules', '.bin', 'nx');
    return IS_ROOT
      ? workspace.run(
          'setpriv',
          [
            ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
            ...[nx, ...args],
          ],
          { HOME: dirname(workspace.root) },
        )
      : workspace.tryNx(args);
  };

  beforeAll(() => {
    workspace = createScenarioWorkspace('acme');
    if (!IS_ROOT) return;
    const parent = dirname(workspace.root);
    chmodSync(parent, 0o755);
    giveToNobody(parent);
    // Git asks for it where a repository is somebody else's.
    workspace.expect('git', [
      ...['config', '--file', join(parent, '.gitconfig')],
      ...['safe.directory', '*'],
    ]);
  });

  afterAll(() => {
    workspace.remove();
  });

  it.each(BROKEN_WORKSPACES)(
    '$problem says what to do and keeps the other projects',
    ({ breakIt, warnings, missing = [], mend }) => {
      breakIt(workspace);
      try {
        const shown = nxAsUser(['show', 'projects', '--json']);
        const graph = nxAsUser(['graph', '--file=dist/graph.json']);
        const { nodes } = (
          JSON.parse(
            readFileSync(join(workspace.root, 'dist/graph.json'), 'utf8'),
          ) as { graph: { nodes: Record<string, unknown> } }
        ).graph;
        const expected = ALL.filter((name) => !missing.includes(name));

        expect(shown.exitCode).toBe(0);
        expect(graph.exitCode).toBe(0);
        expect((JSON.parse(shown.stdout) as string[]).sort()).toEqual(expected);
        expect(Object.keys(nodes).sort()).toEqual(expected);
        for (const warning of warnings) {
          expect(graph.output).toMatch(warning);
        }
      } finally {
        mend?.(workspace);
        restore();
      }
    },
  );

  /** As the workspace's owner, or git refuses. */
  function restore(): void {
    const git = ['-c', 'safe.directory=*'];
    workspace.expect('git', [...git, 'reset', '--quiet', '--hard']);
    workspace.expect('git', [...git, 'clean', '--quiet', '-d', '--force']);
    if (IS_ROOT) giveToNobody(workspace.root);
  }

  /** All but the packages, which other workspaces share. */
  function giveToNobody(folder: string): void {
    workspace.expect('find', [
      ...[folder, '-name', 'node_modules', '-prune', '-o'],
      ...['-exec', 'chown', '-h', `${NOBODY}:${NOBODY}`, '{}', '+'],
    ]);
  }
});
