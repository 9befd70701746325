import { logger } from '../logger';
import { ensureEnvironmentOnce } from '../../toolchain/environment';
import { checkTypes } from '../../toolchain/typecheck';
import { checkTypesTogether } from '../../toolchain/together/typecheck-together';
import { batchExecutor } from '../batch/batch-executor';
import { projectRootOf } from '../project-root';
import { longestToolTimeout, toolTimeout } from '../tool-timeout';
import type { TypecheckExecutorSchema } from './schema';

/** Checks the types of many projects with a few processes of pyright. */
export default batchExecutor<TypecheckExecutorSchema>({
  executorModule: require.resolve('./executor'),
  share: (tasks, { root, parallel }) => {
    const ensureEnvironment = ensureEnvironmentOnce(root);
    const projectRoots = tasks.map(({ context }) => projectRootOf(context));
    const timeout = longestToolTimeout(tasks.map(({ options }) => options));
    let reports: ReturnType<typeof checkTypesTogether> | undefined;
    return Promise.resolve({
      run: async ({ options, context }) => {
        await ensureEnvironment(logger.warn);
        reports ??=
          projectRoots.length < 2
            ? new Map()
            : checkTypesTogether({
                workspaceRoot: root,
                projectRoots,
                parallel,
                timeout,
              });
        const projectRoot = projectRootOf(context);
        const report = await reports
          .get(projectRoot)
          // It could not even be started: the project's own run says why.
          ?.catch(() => undefined);
        if (report === undefined) {
          return checkTypes({
            workspaceRoot: root,
            projectRoot,
            timeout: toolTimeout(options),
          });
        }
        process.stdout.write(report.output);
        return report.passed;
      },
    });
  },
});
