import type { Task } from '@nx/devkit';
import { config } from 'dotenv';
import { expand } from 'dotenv-expand';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The files that Nx loads when it starts, and so gives to a batch too. */
const LOADED_AT_START = ['.env', '.local.env', '.env.local'];

/**
 * The environment of a task that has files of environment variables of its own. Nx loads them for a task that runs
 * alone, and not for a batch; a task must not end otherwise for it.
 *
 * See https://nx.dev/docs/guides/tips-n-tricks/define-environment-variables for the files and their order.
 *
 * @param workspaceRoot - absolute path
 * @param task - the task
 * @returns the whole environment; `undefined` where the task has no such files, and the batch's serves
 */
export function ownEnvironment(
  workspaceRoot: string,
  task: Pick<Task, 'target' | 'projectRoot'>,
): NodeJS.ProcessEnv | undefined {
  // Nx's own mark: it is told not to load such files, or has none to tell of.
  if (process.env['NX_LOAD_DOT_ENV_FILES'] === 'false') return undefined;
  const files = environmentFiles(task).filter((file) =>
    existsSync(join(workspaceRoot, file)),
  );
  if (files.every((file) => LOADED_AT_START.includes(file))) return undefined;
  const environment = { ...process.env };
  // A file of the project is stronger than one of the root, whose values are there already.
  for (const file of LOADED_AT_START) {
    const values: Record<string, string> = {};
    load([join(workspaceRoot, file)], values);
    for (const [name, value] of Object.entries(values)) {
      if (environment[name] === value)
        Reflect.deleteProperty(environment, name);
    }
  }
  load(
    files.map((file) => join(workspaceRoot, file)),
    environment as Record<string, string>,
  );
  return environment;
}

/** The strongest first. */
function environmentFiles({
  target: { target, configuration },
  projectRoot = '.',
}: Pick<Task, 'target' | 'projectRoot'>): readonly string[] {
  const names = [
    ...(configuration === undefined || configuration === ''
      ? []
      : [`${target}.${configuration}`, configuration]),
    target,
  ];
  const folders = projectRoot === '.' ? [''] : [`${projectRoot}/`, ''];
  return folders.flatMap((folder) => [
    ...names.flatMap((name) => [
      `${folder}.env.${name}.local`,
      `${folder}.env.${name}`,
      `${folder}.${name}.local.env`,
      `${folder}.${name}.env`,
    ]),
    ...['.env.local', '.local.env', '.env'].map((name) => `${folder}${name}`),
  ]);
}

function load(files: string[], environment: Record<string, string>): void {
  if (files.length === 0) return;
  const { parsed } = config({ path: files, processEnv: environment });
  expand({
    ...(parsed === undefined ? {} : { parsed }),
    processEnv: environment,
  });
}
