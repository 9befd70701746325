import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_SCENARIOS } from './scenarios/build-scenarios';
import { CONFIGURATION_SCENARIOS } from './scenarios/configuration-scenarios';
import { LAYER_SCENARIOS } from './scenarios/layer-scenarios';
import { LAYOUT_SCENARIOS } from './scenarios/layout-scenarios';
import { LOCK_SCENARIOS } from './scenarios/lock-scenarios';
import { NESTED_SCENARIOS } from './scenarios/nested-scenarios';
import { PYTEST_SCENARIOS } from './scenarios/pytest-scenarios';
import type { Edit } from './scenarios/scenario';
import { SETTINGS_SCENARIOS } from './scenarios/settings-scenarios';
import { SOURCE_SCENARIOS } from './scenarios/source-scenarios';
import { STRUCTURE_SCENARIOS } from './scenarios/structure-scenarios';
import { missesBetween, NxProbe, TARGETS } from './support/nx-probe';
import type { Inspection } from './support/nx-probe';
import { createScenarioWorkspace } from './support/scenario-workspace';
import type { Workspace } from './support/workspace';

const SCENARIOS = [
  ...SOURCE_SCENARIOS,
  ...LOCK_SCENARIOS,
  ...STRUCTURE_SCENARIOS,
  ...NESTED_SCENARIOS,
  ...LAYOUT_SCENARIOS,
  ...LAYER_SCENARIOS,
  ...BUILD_SCENARIOS,
  ...CONFIGURATION_SCENARIOS,
  ...SETTINGS_SCENARIOS,
  ...PYTEST_SCENARIOS,
];
const NO_MISSES = { lint: [], typecheck: [], test: [], pack: [] };

/** How Nx tells of a run, in the file that it leaves behind. */
interface Run {
  readonly tasks: readonly {
    readonly taskId: string;
    readonly hash: string;
    readonly cacheStatus: string;
  }[];
}

describe('a change', () => {
  let workspace: Workspace;
  let probe: NxProbe;
  let before: Inspection;
  let commit: string;
  const arranged = new Map<Edit, { commit: string; before: Inspection }>();

  /** Makes the workspace that a row starts from, and tells what Nx would do there. */
  const arrange = async (given?: Edit): Promise<Inspection> => {
    if (given === undefined) return before;
    const known = arranged.get(given);
    if (known !== undefined) {
      workspace.restore(known.commit);
      return known.before;
    }
    await given({ workspace, probe });
    workspace.commit('what is given');
    const made = { commit: workspace.head(), before: await probe.inspect() };
    arranged.set(given, made);
    return made.before;
  };

  /** Runs every target of every project, and tells what Nx hashed and which of the tasks it had to run. */
  const runForReal = (): { hashes: Record<string, string>; ran: string[] } => {
    const cache = join(workspace.root, '.nx', 'cache');
    workspace.nx(
      ['run-many', `--targets=${TARGETS.join(',')}`, '--output-style=static'],
      // Else Nx shares the cache with other clones of the same user, those of earlier runs among them.
      { NX_CACHE_DIRECTORY: cache },
    );
    const { tasks } = JSON.parse(
      readFileSync(join(cache, 'run.json'), 'utf8'),
    ) as Run;
    return {
      hashes: Object.fromEntries(
        tasks.map(({ taskId, hash }) => [taskId, hash]),
      ),
      ran: tasks
        .filter(({ cacheStatus }) => cacheStatus === 'cache-miss')
        .map(({ taskId }) => taskId)
        .sort(),
    };
  };

  beforeAll(async () => {
    workspace = createScenarioWorkspace('acme corp');
    probe = new NxProbe(workspace.root);
    before = await probe.inspect();
    commit = workspace.head();
  });

  afterEach(() => {
    workspace.restore(commit);
  });

  afterAll(() => {
    probe.close();
    workspace.remove();
  });

  it('is none where nothing was touched', async () => {
    const after = await probe.inspect();

    expect(after.affected).toEqual([]);
    expect(after.hashes).toEqual(before.hashes);
  });

  it.each(SCENARIOS)(
    'of $change costs exactly what it must',
    async ({ given, edit, variables, affected, misses }) => {
      const start = await arrange(given);
      await edit({ workspace, probe });
      const after = await probe.inspect(TARGETS, variables);

      expect({
        affected: after.affected,
        ...missesBetween(start, after),
      }).toEqual({ affected, ...NO_MISSES, ...misses });
    },
  );

  // The rows above ask Nx for its hashes; these run the targets, which must come to the same.
  describe('and the runs after it', () => {
    it('fill the cache', () => {
      const { hashes } = runForReal();

      expect(hashes).toEqual(before.hashes);
    });

    it.each(SCENARIOS.filter(({ isRun }) => isRun))(
      'hit and miss as said, after a change of $change',
      async ({ given, edit, affected, misses }) => {
        if (given !== undefined) {
          await arrange(given);
          runForReal();
        }
        await edit({ workspace, probe });
        const { hashes, ran } = runForReal();
        const named = JSON.parse(
          workspace.nx([
            ...['show', 'projects', '--affected', '--base=HEAD', '--json'],
          ]),
        ) as string[];

        expect(hashes).toEqual((await probe.inspect()).hashes);
        expect(ran).toEqual(
          TARGETS.flatMap((target) =>
            (misses[target] ?? []).map((project) => `${project}:${target}`),
          ).sort(),
        );
        expect(named.sort()).toEqual(affected);
      },
    );
  });
});
