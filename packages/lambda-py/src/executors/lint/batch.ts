import { indexMembers } from '../../toolchain/undeclared-imports';
import { batchExecutor } from '../batch/batch-executor';
import { lintShared } from '../batch/lint-shared';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import {
  formatterOf,
  lintProject,
  lintWorkOf,
  projectRootsOf,
} from './lint-project';
import type { LintExecutorSchema } from './schema';

/** Lints many projects with one ruff and one formatter. */
export default batchExecutor<LintExecutorSchema>({
  executorModule: require.resolve('./executor'),
  share: (tasks, batch) => {
    const shared = lintShared(
      tasks.map(({ options, context }) => ({
        projectRoot: projectRootOf(context),
        formatter: formatterOf(options),
        work: lintWorkOf(options),
        timeout: toolTimeout(options),
      })),
      batch,
    );
    let index: ReturnType<typeof indexMembers> | undefined;
    return Promise.resolve({
      run: ({ options, context }) =>
        lintProject(options, context, {
          ...shared,
          members: () =>
            (index ??= indexMembers({
              workspaceRoot: context.root,
              projectRoots: projectRootsOf(context),
            })),
        }),
    });
  },
});
