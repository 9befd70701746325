import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DeploymentRecord } from '../../../packages/lambda-py/src/deployment/deployment-record';
import type { DeploymentJob } from './deployment-job';

const SCRIPT = join(__dirname, 'deployment-process.js');

/** What the process answers with. */
interface Answer {
  readonly id: number;
  readonly record?: DeploymentRecord;
  readonly error?: string;
}

/** Runs deployments in a process of their own: Jest's modules make the clients of the AWS SDK three times slower. */
export class DeploymentWorker {
  private readonly child: ChildProcess = fork(SCRIPT);
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private jobs = 0;

  constructor() {
    this.child.on('message', (message) => {
      const answer = message as Answer;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
  }

  /** Runs a job; rejects with what it throws. */
  async run(job: DeploymentJob): Promise<DeploymentRecord> {
    this.jobs += 1;
    const id = this.jobs;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ id, job });
    });
    if (answer.record !== undefined) return answer.record;
    throw new Error(answer.error);
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
  }
}

/**
 * Starts a job as a process that is killed by SIGKILL.
 *
 * @param job - what it does until then
 * @param isReached - when to kill it
 */
export async function killDuring(
  job: DeploymentJob,
  isReached: Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(job)], {
    stdio: 'ignore',
  });
  const hasEnded = once(child, 'exit');
  await Promise.race([
    isReached,
    hasEnded.then(() => {
      throw new Error(
        'it has ended before the step that it is to be killed at',
      );
    }),
  ]);
  child.kill('SIGKILL');
  await hasEnded;
}
