// A process of its own for tasks that cannot share one with the rest of their batch: see executor-worker-client.ts.
import type { ExecutorContext } from '@nx/devkit';
import { createRequire } from 'node:module';
import { succeedOrReport } from '../succeed-or-report';
import { captureOutput } from './captured-output';
import type * as client from './executor-worker-client';

const load = createRequire(__filename);

type Executor = (
  options: unknown,
  context: ExecutorContext,
) => Promise<{ success: boolean }>;

/** A type of its own keeps the client, which a worker has no use for, from being loaded. */
const BEGUN: typeof client.BEGUN = 'begun';

process.on('message', (request: client.WorkerRequest) => {
  // Nothing is run before the batch can know of it, whatever then becomes of this process.
  process.send?.(BEGUN, undefined, undefined, (error) => {
    // Where it cannot, the batch is gone.
    if (error === null) void answer(request);
  });
});
// The batch has ended, one way or the other.
process.on('disconnect', () => {
  process.exit();
});

async function answer({
  executorModule,
  options,
  context,
}: client.WorkerRequest): Promise<void> {
  const { result, output } = await captureOutput(() =>
    succeedOrReport(async () => {
      // A module of ours, which is CommonJS: import() would wrap its exports.
      const { default: executor } = load(executorModule) as {
        default: Executor;
      };
      return (await executor(options, context)).success;
    }),
  );
  process.send?.({ success: result.success, output });
}
