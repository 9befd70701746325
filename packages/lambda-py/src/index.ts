/**
 * The plugin as Nx loads it, and the types of its options.
 *
 * @packageDocumentation
 */
import * as remoteCache from './remote-cache/hooks';

export { createDependencies, createNodes } from './graph/plugin';
export type { PluginOptions } from './graph/plugin-options';

/** The plugin's name, as nx.json refers to it. */
export const name = 'lambda-py';

// A hook keeps the plugin's process while tasks run: none where there is no remote cache to guard.
const isGuarding = remoteCache.serverOf(process.env) !== undefined;

/** Puts a guard before the remote cache that the environment names. */
export const preTasksExecution = isGuarding
  ? remoteCache.preTasksExecution
  : undefined;

/** Tells of a remote cache that was of no use. */
export const postTasksExecution = isGuarding
  ? remoteCache.postTasksExecution
  : undefined;
