import type { PostTasksExecutionContext, Task, TaskGraph } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { warnDuringGraphCreation } from '../../graph/nx-internal';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import type { TemporaryFolder } from '../../testing/temporary-folder';
import { writeRecord } from '../deployment-record';
import type { DeploymentRecord } from '../deployment-record';
import { postTasksExecution } from './hook';
import { notePlannedDeployments } from './planned-deployments';

jest.mock('../../graph/nx-internal');
const warn = jest.mocked(warnDuringGraphCreation);
const makeFolder = useTemporaryFolders();
beforeEach(() => {
  warn.mockClear();
});

const NOW = Date.now();

function task(project: string, changes: Partial<Task> = {}): Task {
  return {
    id: `${project}:deploy:prod`,
    target: { project, target: 'deploy', configuration: 'prod' },
    overrides: {},
    outputs: [],
    parallelism: true,
    cache: false,
    projectRoot: `services/${project}`,
    startTime: NOW,
    endTime: NOW + 1250,
    ...changes,
  };
}

/** A run of Nx in a workspace whose projects have the names of their folders, but for `c`. */
function makeRun(
  results: readonly (readonly [Task, 'success' | 'failure' | 'stopped'])[],
): {
  readonly folder: TemporaryFolder;
  readonly context: PostTasksExecutionContext;
} {
  const folder = makeFolder();
  for (const [{ target }] of results) {
    const { project } = target;
    folder.write(
      `services/${project}/pyproject.toml`,
      `[project]\nname = "${project === 'c' ? 'see' : project}"\n`,
    );
  }
  return {
    folder,
    context: {
      id: '1',
      workspaceRoot: folder.path,
      nxJsonConfiguration: {},
      argv: [],
      startTime: NOW,
      endTime: NOW + 2000,
      taskResults: Object.fromEntries(
        results.map(([one, status]) => [
          one.id,
          { task: one, status, code: status === 'success' ? 0 : 1 },
        ]),
      ),
    },
  };
}

function record(
  folder: TemporaryFolder,
  project: string,
  changes: Partial<DeploymentRecord>,
): void {
  writeRecord(folder.path, {
    project,
    stage: 'prod',
    action: 'deploy',
    strategy: 'code',
    status: 'released',
    time: new Date(NOW).toISOString().replace(/\.\d+/, ''),
    ...changes,
  });
}

function graphOf(tasks: readonly Task[]): TaskGraph {
  return {
    roots: [],
    tasks: Object.fromEntries(tasks.map((one) => [one.id, one])),
    dependencies: {},
    continuousDependencies: {},
  };
}

function summaryIn(folder: TemporaryFolder): {
  readonly deployments: readonly object[];
} {
  return JSON.parse(
    readFileSync(join(folder.path, 'dist/deployments/summary.json'), 'utf8'),
  ) as { readonly deployments: readonly object[] };
}

describe('the summary of a run', () => {
  it('tells of every deployment, of those that were skipped too', () => {
    const { folder, context } = makeRun([
      [task('b'), 'failure'],
      [task('a'), 'success'],
      [task('c'), 'failure'],
      [task('e'), 'stopped'],
      [task('f'), 'failure'],
    ]);
    record(folder, 'a', { version: '7', previous: '6', commit: 'abc' });
    record(folder, 'b', { status: 'failed', reason: 'why' });
    record(folder, 'see', {
      status: 'rolled-back',
      version: '3',
      reason: 'the alarm has gone off',
    });
    // Of an earlier run: this one was refused before it did anything.
    record(folder, 'f', { version: '9', time: '2020-01-01T00:00:00Z' });
    notePlannedDeployments(
      folder.path,
      graphOf([
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((project) => task(project)),
        task('a', {
          id: 'a:pack',
          target: { project: 'a', target: 'pack' },
        }),
      ]),
      'deploy',
    );
    postTasksExecution(undefined, context);

    expect(warn.mock.calls).toEqual([
      [
        [
          '',
          'project  stage  strategy  version    outcome      seconds',
          'a        prod   code      7 (was 6)  released         1.3',
          'b        prod   code                 failed           1.3',
          'c        prod   code      3          taken back       1.3',
          'd        prod                        skipped             ',
          'e        prod                        interrupted      1.3',
          'f        prod                        failed           1.3',
          '1 released, 2 failed, 1 taken back, 1 skipped, 1 interrupted',
          '',
        ].join('\n'),
      ],
    ]);
    expect(summaryIn(folder)).toEqual({
      startTime: new Date(NOW).toISOString(),
      endTime: new Date(NOW + 2000).toISOString(),
      deployments: [
        {
          project: 'a',
          stage: 'prod',
          outcome: 'released',
          strategy: 'code',
          version: '7',
          previous: '6',
          commit: 'abc',
          seconds: 1.3,
        },
        expect.objectContaining({ outcome: 'failed', reason: 'why' }),
        expect.objectContaining({ outcome: 'taken back', version: '3' }),
        { project: 'd', stage: 'prod', outcome: 'skipped' },
        expect.objectContaining({ outcome: 'interrupted' }),
        { project: 'f', stage: 'prod', outcome: 'failed', seconds: 1.3 },
      ],
    });
  });

  it('shows no table of one deployment, and tells a rollback and a plan', () => {
    const one = makeRun([
      [
        task('a', {
          target: { project: 'a', target: 'undo', configuration: 'prod' },
        }),
        'success',
      ],
    ]);
    record(one.folder, 'a', { action: 'rollback', status: 'rolled-back' });
    postTasksExecution({ rollbackTargetName: 'undo' }, one.context);
    expect(summaryIn(one.folder).deployments).toMatchObject([
      { outcome: 'rolled back' },
    ]);

    const planned = makeRun([
      [task('a', { overrides: { dryRun: true } }), 'success'],
    ]);
    postTasksExecution(undefined, planned.context);
    expect(summaryIn(planned.folder).deployments).toMatchObject([
      { outcome: 'planned' },
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('goes by no plan of another run', () => {
    const { folder, context } = makeRun([[task('a'), 'success']]);
    notePlannedDeployments(
      folder.path,
      graphOf([task('b'), task('d')]),
      'deploy',
    );
    postTasksExecution(undefined, context);

    expect(summaryIn(folder).deployments).toHaveLength(1);
  });

  it('is none where nothing was deployed, and fails no run', () => {
    const { folder, context } = makeRun([
      [
        task('a', { id: 'a:test', target: { project: 'a', target: 'test' } }),
        'success',
      ],
    ]);
    postTasksExecution(undefined, context);
    expect(() => summaryIn(folder)).toThrow('ENOENT');

    const broken = makeRun([[task('a'), 'success']]);
    broken.folder.write('dist/deployments', 'a file');
    postTasksExecution(undefined, broken.context);
    expect(warn.mock.calls.join()).toContain('could not be summed up');
  });
});
