import { Edits } from './property/edits';
import { Oracle } from './property/oracle';
import { Random } from './property/random';
import { NxProbe } from './support/nx-probe';
import { createScenarioWorkspace } from './support/scenario-workspace';
import type { Workspace } from './support/workspace';

// LAMBDA_PY_EDITS=500 LAMBDA_PY_SEED=… npx jest -c e2e/jest.config.js property
const SEED = Number(process.env['LAMBDA_PY_SEED'] ?? Date.now() % 1_000_000);
const EDITS = Number(process.env['LAMBDA_PY_EDITS'] ?? Infinity);
/** Without a number of edits, as many as this time allows. */
const SECONDS = Number(process.env['LAMBDA_PY_EDIT_SECONDS'] ?? 120);

/** What a run of random edits came to. */
interface Verdict {
  readonly edits: number;
  /** Tasks that would be taken from the cache although what they see has changed, and projects that were not affected. */
  readonly wrong: readonly string[];
  /** Tasks that ran although all that they see is as it was in a state before. */
  readonly wide: number;
  readonly needed: number;
}

async function editAtRandom(workspace: Workspace): Promise<Verdict> {
  const random = new Random(SEED);
  const edits = new Edits(workspace, random);
  const oracle = new Oracle(workspace);
  const probe = new NxProbe(workspace.root);
  const wrong: string[] = [];
  /** What every task that ever ran saw, by its hash: the cache. */
  const cache = new Map<string, string>();
  const remember = (id: string, hash: string, seen: string): void => {
    cache.set(`${id} ${hash}`, seen);
  };
  let before = { ...(await probe.inspect()), seen: oracle.look() };
  for (const [id, seen] of before.seen) {
    remember(id, before.hashes[id] ?? '', seen);
  }
  let committed = before;
  const history: string[] = [];
  const end =
    EDITS === Infinity ? Date.now() + SECONDS * 1000 : Number.POSITIVE_INFINITY;
  let wide = 0;
  let needed = 0;
  while (history.length < EDITS && Date.now() < end && wrong.length === 0) {
    const edit = edits.make();
    const isSynced = random.chance(0.5);
    if (isSynced) await probe.sync();
    history.push(isSynced ? `${edit}, sync` : edit);
    const after = { ...(await probe.inspect()), seen: oracle.look() };
    const report = (problem: string): void => {
      wrong.push(
        `seed ${SEED}, edit ${history.length}: ${problem}, after\n  ${history.slice(-5).join('\n  ')}`,
      );
    };
    for (const [id, seen] of after.seen) {
      const hash = after.hashes[id];
      const isChanged = before.seen.get(id) !== seen;
      if (isChanged) needed += 1;
      else if (before.hashes[id] !== hash) wide += 1;
      if (hash === undefined) {
        report(`Nx knows no ${id}`);
        continue;
      }
      const cached = cache.get(`${id} ${hash}`);
      if (cached !== undefined && cached !== seen) report(`stale hit of ${id}`);
      const isAffected = after.affected.includes(id.replace(/:.*/, ''));
      if (committed.seen.get(id) !== seen && !isAffected) {
        report(`${id} is not affected`);
      }
      remember(id, hash, seen);
    }
    before = after;
    // What is compared with has passed `nx sync:check`.
    if (isSynced) {
      workspace.commit(edit);
      committed = after;
    }
  }
  probe.close();
  return { edits: history.length, wrong, wide, needed };
}

describe('random edits', () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = createScenarioWorkspace('acme', { isIsolated: false });
  });

  afterAll(() => {
    workspace.remove();
  });

  it('find no stale hit and miss no project', async () => {
    const { edits, wrong, wide, needed } = await editAtRandom(workspace);
    process.stdout.write(
      `property: seed ${SEED}, ${edits} edits, ${needed} tasks had to run, ${wide} more did\n`,
    );

    expect(wrong).toEqual([]);
    expect(edits).toBeGreaterThan(0);
  }, 3_600_000);
});
