/**
 * All that parses for the graph, and with it the libraries that it takes, in one module that can be loaded late.
 *
 * @packageDocumentation
 */
export { summariseLock } from '../workspace/lock-summary';
export { describeMember } from './member-description';
