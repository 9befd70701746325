import type { TaskGraph } from '@nx/devkit';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CACHE_FOLDER, makeCacheFolder } from '../../workspace/cache-folder';

/** A deployment that a run of Nx is to make. */
export interface PlannedDeployment {
  /** Nx's, `orders:deploy:prod`. */
  readonly id: string;
  /** Nx's name of the project. */
  readonly project: string;
  /** The name of the target. */
  readonly target: string;
  /** None where the target is run without a configuration. */
  readonly stage?: string;
  /** Relative to the workspace root. */
  readonly projectRoot?: string;
}

const FOLDER = 'deployment-runs';
const A_DAY_MS = 24 * 60 * 60_000;

/**
 * Notes which deployments a run of Nx is to make. Nx tells the tasks of a run to those that run, but to nobody afterwards:
 * what it skips, because something failed that it waits for, would be missing from the summary.
 *
 * @param workspaceRoot - absolute path
 * @param graph - the tasks of the run
 * @param target - the name of the target that deploys
 */
export function notePlannedDeployments(
  workspaceRoot: string,
  graph: TaskGraph,
  target: string,
): void {
  const planned = Object.values(graph.tasks)
    .filter((task) => task.target.target === target)
    .map((task): PlannedDeployment => ({
      id: task.id,
      project: task.target.project,
      target,
      ...(task.target.configuration === undefined
        ? {}
        : { stage: task.target.configuration }),
      ...(task.projectRoot === undefined
        ? {}
        : { projectRoot: task.projectRoot }),
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const text = JSON.stringify(planned);
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const path = join(makeCacheFolder(workspaceRoot, FOLDER), name);
  // Every deployment of the run writes the same.
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/**
 * Finds what was noted of a run.
 *
 * @param workspaceRoot - absolute path
 * @param ran - the ids of deployments that ran
 * @param since - when the run began, in ms since the epoch
 * @returns all of its deployments; none where nothing was noted
 */
export function findPlannedDeployments(
  workspaceRoot: string,
  ran: readonly string[],
  since: number,
): readonly PlannedDeployment[] {
  const folder = join(workspaceRoot, CACHE_FOLDER, FOLDER);
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs < Date.now() - A_DAY_MS) rmSync(path, { force: true });
      // A file system may round the time down to a second.
      if (mtimeMs < since - 1000) return [];
      const planned = JSON.parse(
        readFileSync(path, 'utf8'),
      ) as readonly PlannedDeployment[];
      const ids = new Set(planned.map(({ id }) => id));
      return ran.every((id) => ids.has(id)) ? [{ planned, mtimeMs }] : [];
    } catch {
      // Another run has removed it, or is writing it.
      return [];
    }
  });
  found.sort((one, other) => other.mtimeMs - one.mtimeMs);
  return found[0]?.planned ?? [];
}
