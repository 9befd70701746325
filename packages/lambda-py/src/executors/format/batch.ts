import { batchExecutor } from '../batch/batch-executor';
import { lintShared } from '../batch/lint-shared';
import { formatterOf } from '../lint/lint-project';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import { formatProject, formatWorkOf } from './format-project';
import type { FormatExecutorSchema } from './schema';

/** Formats many projects: one ruff and one formatter find those that are formatted already. */
export default batchExecutor<FormatExecutorSchema>({
  executorModule: require.resolve('./executor'),
  share: (tasks, batch) => {
    const shared = lintShared(
      tasks.map(({ options, context }) => ({
        projectRoot: projectRootOf(context),
        formatter: formatterOf(options),
        work: formatWorkOf(options),
        timeout: toolTimeout(options),
      })),
      batch,
    );
    return Promise.resolve({
      run: ({ options, context }) => formatProject(options, context, shared),
    });
  },
});
