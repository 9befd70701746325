/**
 * The plugin as Nx loads it, and the types of its options.
 *
 * @packageDocumentation
 */
import type { PostTasksExecution } from '@nx/devkit';
import * as runSummary from './deployment/run-summary/hook';
import type { PluginOptions } from './graph/plugin-options';
import * as remoteCache from './remote-cache/hooks';

export { createDependencies, createNodes } from './graph/plugin';
export type { PluginOptions } from './graph/plugin-options';

/** The plugin's name, as nx.json refers to it. */
export const name = 'lambda-py';

const isGuarding = remoteCache.serverOf(process.env) !== undefined;

/** Puts a guard before the remote cache that the environment names. */
export const preTasksExecution = isGuarding
  ? remoteCache.preTasksExecution
  : undefined;

/** Tells of a remote cache that was of no use, and sums up what was deployed. */
export const postTasksExecution: PostTasksExecution<PluginOptions> = (
  options,
  context,
) => {
  if (isGuarding) remoteCache.postTasksExecution();
  runSummary.postTasksExecution(options, context);
};
