/**
 * The plugin as Nx loads it, and the types of its options.
 *
 * @packageDocumentation
 */
export { createDependencies, createNodes } from './graph/plugin';
export type { PluginOptions } from './graph/plugin-options';

/** The plugin's name, as nx.json refers to it. */
export const name = 'lambda-py';
