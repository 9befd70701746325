/**
 * All that parses for the graph, and with it the libraries that it takes, in one module that can be loaded late.
 *
 * @packageDocumentation
 */
export { summariseDirectRequirements } from '../workspace/direct-requirements';
export { parseLockFile } from '../workspace/lock-file';
export { summariseLock } from '../workspace/lock-summary';
export { describeMember, describeRuffFile } from './member-description';
