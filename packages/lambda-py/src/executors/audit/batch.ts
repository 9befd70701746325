import type { Answered } from '../../audit/advisories';
import { pinsOfProjects } from '../../audit/pins-of-projects';
import { ensureEnvironmentOnce } from '../../toolchain/environment';
import { batchExecutor } from '../batch/batch-executor';
import { logger } from '../logger';
import { projectRootOf } from '../project-root';
import { auditTask } from './audit-task';
import type { AuditExecutorSchema } from './schema';

/** Audits many projects: one question for the pins of all of them, and bandit for each. */
export default batchExecutor<AuditExecutorSchema>({
  executorModule: require.resolve('./executor'),
  share: (tasks, { root }) => {
    const ensureEnvironment = ensureEnvironmentOnce(root);
    // By service: tasks may ask different ones.
    const asked = new Map<string | undefined, Promise<Answered>>();
    return Promise.resolve({
      run: async ({ options, context }) => {
        const { serviceUrl } = options;
        return auditTask(
          options,
          context,
          await ensureEnvironment(logger.warn),
          (ask) => {
            const alike = tasks.filter(
              (one) => one.options.serviceUrl === serviceUrl,
            );
            const known =
              asked.get(serviceUrl) ??
              ask(
                pinsOfProjects(
                  root,
                  alike.map((one) => projectRootOf(one.context)),
                ),
              );
            asked.set(serviceUrl, known);
            return known;
          },
        );
      },
    });
  },
});
