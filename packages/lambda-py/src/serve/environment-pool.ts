import type {
  EnvironmentAnswer,
  ExecutionEnvironment,
} from './execution-environment';

/** What a pool needs of an execution environment. */
export type PooledEnvironment = Pick<
  ExecutionEnvironment,
  'isSpent' | 'invoke' | 'stop'
>;

/** Starts an environment of the version that is served now. */
export type StartEnvironment = () => PooledEnvironment;

/** The environments of one version of the function. */
interface Generation {
  readonly start: StartEnvironment;
  readonly idle: PooledEnvironment[];
}

/**
 * Gives each event an execution environment of its own for as long as it runs, as Lambda does: a warm one where one is
 * idle, else a new one. Where Lambda would throttle, because its concurrency is used up, an event waits here.
 */
export class EnvironmentPool {
  private generation: Generation;
  private readonly all = new Set<PooledEnvironment>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private isClosed = false;

  /**
   * Starts the first environment at once.
   *
   * @param start - starts an environment
   * @param concurrency - how many events run at the same time
   */
  constructor(
    start: StartEnvironment,
    private readonly concurrency: number,
  ) {
    this.generation = this.begin(start);
  }

  /**
   * Runs an event.
   *
   * @param event - JSON
   * @returns the function's answer
   */
  async invoke(event: Buffer): Promise<EnvironmentAnswer> {
    while (this.running >= this.concurrency) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.isClosed) throw new Error('the server is closed');
    this.running += 1;
    const { generation } = this;
    const environment = generation.idle.pop() ?? this.start(generation.start);
    try {
      return await environment.invoke(event);
    } finally {
      this.running -= 1;
      await this.release(environment, generation);
      this.waiting.shift()?.();
    }
  }

  /**
   * Serves another version from now on. Events that are running end in the environment that they are in.
   *
   * @param start - starts an environment of it
   */
  async replace(start: StartEnvironment): Promise<void> {
    const { idle } = this.generation;
    this.generation = this.begin(start);
    await Promise.all(idle.splice(0).map((one) => this.discard(one)));
  }

  /** Kills every environment, whatever it is doing. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const resume of this.waiting.splice(0)) resume();
    await Promise.all([...this.all].map((one) => this.discard(one)));
  }

  private begin(start: StartEnvironment): Generation {
    return { start, idle: [this.start(start)] };
  }

  private start(start: StartEnvironment): PooledEnvironment {
    const environment = start();
    this.all.add(environment);
    return environment;
  }

  private async release(
    environment: PooledEnvironment,
    generation: Generation,
  ): Promise<void> {
    const isWanted = generation === this.generation && !this.isClosed;
    if (isWanted && !environment.isSpent) generation.idle.push(environment);
    else await this.discard(environment);
  }

  private async discard(environment: PooledEnvironment): Promise<void> {
    this.all.delete(environment);
    await environment.stop();
  }
}
