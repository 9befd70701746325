import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironmentOnce } from '../../toolchain/environment';
import type { PythonEnvironment } from '../../toolchain/environment';
import { canFork, startForkServer } from '../../toolchain/pytest/fork-server';
import type { ForkServer } from '../../toolchain/pytest/fork-server';
import { spawnPytest } from '../../toolchain/pytest/launcher';
import { preloadedInCommon } from '../../toolchain/pytest/preloaded';
import { memberOf } from '../../workspace/lock-file';
import { requireLockFile } from '../../workspace/requirements';
import { batchExecutor } from '../batch/batch-executor';
import { projectRootOf } from '../project-root';
import type { TestExecutorSchema } from './schema';
import { testProject } from './test-project';

/** Tests many projects, each in a process of its own, forked from one that has imported what they have in common. */
export default batchExecutor<TestExecutorSchema>({
  executorModule: require.resolve('./executor'),
  share: (tasks, { root }) => {
    const ensureEnvironment = ensureEnvironmentOnce(root);
    // Whoever asks for some tests wants them as pytest runs them.
    const whole = tasks.filter(({ options }) => options.keyword === undefined);
    const projectRoots = whole.map(({ context }) => projectRootOf(context));
    let server: ForkServer | undefined;
    const forkServer = (environment: PythonEnvironment): ForkServer =>
      (server ??= startForkServer({
        workspaceRoot: root,
        python: environment.executable('python'),
        preload: preloadedInCommon(
          requireLockFile(root),
          memberNames(root, projectRoots),
        ),
        spawnPytest: spawnPytest(environment, root),
      }));
    return Promise.resolve({
      run: async ({ options, context }) => {
        const environment = await ensureEnvironment(logger.warn);
        const isForked =
          canFork() && whole.length > 1 && options.keyword === undefined;
        return testProject(
          options,
          context,
          isForked
            ? forkServer(environment).launch
            : spawnPytest(environment, root),
          taskVariables(context),
        );
      },
      stop: async () => server?.stop(),
    });
  },
});

function memberNames(
  root: string,
  projectRoots: readonly string[],
): readonly string[] {
  return [...requireLockFile(root).packages.values()]
    .flat()
    .map(memberOf)
    .filter((member) => member !== undefined)
    .filter(({ projectRoot }) => projectRoots.includes(projectRoot))
    .map(({ name }) => name);
}

/** What Nx sets for a task that runs alone: https://nx.dev/docs/reference/environment-variables */
function taskVariables({
  projectName,
  targetName,
  configurationName,
}: ExecutorContext): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NX_TASK_TARGET_PROJECT: projectName,
    NX_TASK_TARGET_TARGET: targetName,
    ...(configurationName === undefined
      ? {}
      : { NX_TASK_TARGET_CONFIGURATION: configurationName }),
    LERNA_PACKAGE_NAME: projectName,
    NX_TUI: 'false',
  };
}
