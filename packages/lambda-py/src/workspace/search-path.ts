import { delimiter } from 'node:path';

/** Folders that are searched before and after those of PATH: absolute paths. */
export interface MoreFolders {
  readonly first?: string;
  readonly last?: string;
}

/**
 * Adds folders to those in which programs are looked for.
 *
 * Windows calls the variable `Path`. Node finds it under any spelling in `process.env`, but not in a copy; and of two
 * spellings in one environment, a child gets one alone
 * (https://nodejs.org/api/child_process.html#child_processspawncommand-args-options).
 *
 * @param env - an environment, however it spells PATH
 * @param folders - see {@link MoreFolders}
 * @returns a copy that spells it `PATH`
 */
export function extendPath(
  env: NodeJS.ProcessEnv,
  { first, last }: MoreFolders,
): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !isPath(name));
  const path = env['PATH'] ?? env[Object.keys(env).find(isPath) ?? 'PATH'];
  return {
    ...Object.fromEntries(others),
    // An empty one would stand for the working directory.
    PATH: [first, path, last].filter(Boolean).join(delimiter),
  };
}

function isPath(name: string): boolean {
  return name.toUpperCase() === 'PATH';
}
