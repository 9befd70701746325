import { logger } from '@nx/devkit';
import { ensureEnvironmentOnce } from '../../toolchain/environment';
import { checkTypes } from '../../toolchain/typecheck';
import { checkTypesTogether } from '../../toolchain/together/typecheck-together';
import type { TypecheckReport } from '../../toolchain/together/typecheck-together';
import { batchExecutor } from '../batch/batch-executor';
import { projectRootOf } from '../project-root';

/** Checks the types of many projects with one pyright. */
export default batchExecutor<unknown>({
  executorModule: require.resolve('./executor'),
  share: (tasks, { root }) => {
    const ensureEnvironment = ensureEnvironmentOnce(root);
    const projectRoots = tasks.map(({ context }) => projectRootOf(context));
    let reports: Promise<ReadonlyMap<string, TypecheckReport>> | undefined;
    return Promise.resolve({
      run: async ({ context }) => {
        await ensureEnvironment(logger.warn);
        reports ??=
          projectRoots.length < 2
            ? Promise.resolve(new Map<string, TypecheckReport>())
            : checkTypesTogether({ workspaceRoot: root, projectRoots });
        const projectRoot = projectRootOf(context);
        const report = (await reports).get(projectRoot);
        if (report === undefined) {
          return checkTypes({ workspaceRoot: root, projectRoot });
        }
        process.stdout.write(report.output);
        return report.passed;
      },
    });
  },
});
