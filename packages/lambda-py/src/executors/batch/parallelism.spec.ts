import { availableParallelism } from 'node:os';
import { parallelism } from './parallelism';

describe('parallelism', () => {
  it.each([
    [['run-many', '--parallel=5'], undefined, undefined, 5],
    [['run-many', '--parallel', '2', '-t', 'lint'], undefined, undefined, 2],
    [['run-many', '--parallel=2', '--parallel=4'], undefined, undefined, 4],
    [['run-many', '--parallel=false'], '7', 9, 1],
    [['run-many', '--no-parallel'], '7', 9, 1],
    [['run-many', '--parallel', '-t', 'lint'], undefined, undefined, 3],
    [['run-many', '--parallel', '--maxParallel=6'], '7', undefined, 6],
    [['run-many', '--parallel=0'], undefined, undefined, 1],
    [['run-many'], '7', 9, 7],
    [['run-many'], undefined, 9, 9],
    [['run-many'], undefined, undefined, 3],
    // What follows is the task's.
    [['run-many', '--', '--parallel=5'], undefined, undefined, 3],
    [
      ['run-many', '--parallel=100%'],
      undefined,
      undefined,
      availableParallelism(),
    ],
  ])('%j, NX_PARALLEL %p, nx.json %p: %i', (line, variable, file, expected) => {
    expect(parallelism(file, line, variable)).toBe(expected);
  });
});
