import { executorContext } from '../../testing/executor-context';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import { batchExecutor } from './batch-executor';

const makeFolder = useTemporaryFolders();

describe('the process of a batch', () => {
  const given = Object.getOwnPropertyDescriptor(process, 'channel');
  const unref = jest.fn();

  beforeEach(() => {
    unref.mockClear();
    Object.defineProperty(process, 'channel', {
      configurable: true,
      value: { unref },
    });
  });

  afterEach(() => {
    if (given === undefined) delete process.channel;
    else Object.defineProperty(process, 'channel', given);
  });

  it.each([
    ['succeeds', () => Promise.resolve(true)],
    ['fails', () => Promise.resolve(false)],
  ])(
    'may end once the last task is told of, which %s, and not before',
    async (_, run) => {
      const events: string[] = [];
      unref.mockImplementation(() => events.push('released'));
      const batch = batchExecutor<object>({
        executorModule: __filename,
        share: () =>
          Promise.resolve({
            run,
            stop: () => {
              events.push('stopped');
              return Promise.resolve();
            },
          }),
      });
      const task = (project: string) => ({
        id: `${project}:lint`,
        target: { project, target: 'lint' },
        overrides: {},
        outputs: [],
        parallelism: true,
        cache: true,
      });
      const results = batch(
        {
          roots: ['a:lint', 'b:lint'],
          tasks: { 'a:lint': task('a'), 'b:lint': task('b') },
          dependencies: { 'a:lint': [], 'b:lint': [] },
          continuousDependencies: {},
        },
        { 'a:lint': {}, 'b:lint': {} },
        {},
        {
          ...executorContext(makeFolder().path, ''),
          projectsConfigurations: {
            version: 2,
            projects: { a: { root: 'a' }, b: { root: 'b' } },
          },
        },
      );
      for await (const { task: id } of results) events.push(id);
      expect(events).toEqual(['a:lint', 'b:lint', 'stopped', 'released']);
    },
  );
});
