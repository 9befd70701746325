import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v } from '../workspace/validation';
import { functionEnvironment } from '../runtime/function-environment';
import type { PreparedFunction } from '../runtime/invoke';
import { removeFolder } from '../runtime/remove-folder';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import { parseImportTimes } from './import-times';
import type { ImportTime } from './import-times';

/** The CPU time of one initialisation, in ms, of all threads and in user and system mode. */
export interface InitTime {
  /** Until the interpreter runs its first line. */
  readonly interpreterMs: number;
  /** Loading Lambda's runtime client. */
  readonly clientMs: number;
  /** Importing the handler's module. */
  readonly functionMs: number;
  /** All of it. */
  readonly totalMs: number;
}

/** What an initialisation is made of. */
export interface InitDetails {
  readonly imports: ImportTime;
  /** The AWS clients that it creates. */
  readonly clients: readonly {
    readonly service: string;
    readonly module: string;
    /** The module that is imported meanwhile. */
    readonly during: string;
    readonly milliseconds: number;
  }[];
  /** The modules that had no bytecode. */
  readonly compiled: readonly string[];
  /** The imports of the project's own modules that functions alone use. */
  readonly uses: readonly {
    readonly module: string;
    readonly package: string;
    readonly functions: readonly string[];
  }[];
}

/** An initialisation that takes this long is taken for one that does not end, in ms. */
const PATIENCE_MS = 120_000;
const SHOWN_LINES = 15;

const timesSchema = v.object({
  interpreter: v.number(),
  client: v.number(),
  initialised: v.number(),
});

const detailsSchema = v.object({
  clients: v.array(
    v.object({
      service: v.string(),
      module: v.string(),
      during: v.string(),
      milliseconds: v.number(),
    }),
  ),
  compiled: v.array(v.string()),
  uses: v.array(
    v.object({
      module: v.string(),
      package: v.string(),
      functions: v.array(v.string()),
    }),
  ),
});

/**
 * Initialises a packed function in fresh processes. One run more comes first, and does not count: what it reads is in
 * memory afterwards.
 *
 * @param prepared - the function
 * @param runs - how many
 * @returns the times of each run
 * @throws {@link LambdaPyError} when the function cannot be initialised
 */
export async function measureInit(
  prepared: PreparedFunction,
  runs: number,
): Promise<readonly InitTime[]> {
  const times: InitTime[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const { result } = await initialise(prepared, 'initialise.py', [], []);
    const { interpreter, client, initialised } = v.parse(timesSchema, result);
    if (run === 0) continue;
    times.push({
      interpreterMs: interpreter * 1000,
      clientMs: (client - interpreter) * 1000,
      functionMs: (initialised - client) * 1000,
      totalMs: initialised * 1000,
    });
  }
  return times;
}

/**
 * Initialises a packed function once more, and watches what it does. The times are those of the clock, and a little
 * higher than without a watcher.
 *
 * @param prepared - the function
 * @param ownPackages - the import packages of the project and of its local libraries
 * @returns what the initialisation is made of
 * @throws {@link LambdaPyError} when the function cannot be initialised
 */
export async function explainInit(
  prepared: PreparedFunction,
  ownPackages: readonly string[],
): Promise<InitDetails> {
  const { result, stderr } = await initialise(
    prepared,
    'explain.py',
    ['-X', 'importtime'],
    [ownPackages.join(','), prepared.artifact.path, ...layerRootsOf(prepared)],
  );
  const [imports = ''] = stderr.split(/^lambda-py: initialised$/m);
  return {
    ...v.parse(detailsSchema, result),
    imports: parseImportTimes(imports),
  };
}

async function initialise(
  prepared: PreparedFunction,
  program: string,
  interpreterArguments: readonly string[],
  programArguments: readonly string[],
): Promise<{ readonly result: unknown; readonly stderr: string }> {
  const { configuration, artifact, runtimeClient } = prepared;
  const temporary = mkdtempSync(join(tmpdir(), 'lambda-py-'));
  try {
    const result = join(temporary, 'lambda-py-result.json');
    const { exitCode, stderr, timedOut } = await runProcess(
      runtimeClient.python,
      [
        // As "invoke" and Lambda do: no bytecode is written, and the code's folder is the current one.
        ...['-B', ...interpreterArguments],
        ...['-c', readFileSync(join(__dirname, 'files', program), 'utf8')],
        ...[result, configuration.handler, ...programArguments],
      ],
      {
        cwd: artifact.path,
        isGroup: true,
        timeoutMs: PATIENCE_MS,
        env: functionEnvironment(
          configuration,
          {
            taskRoot: artifact.path,
            layerRoots: layerRootsOf(prepared),
            runtimeClient: runtimeClient.folder,
            temporary,
            // Nothing is invoked: the discard port.
            runtimeApi: '127.0.0.1:9',
          },
          process.env,
        ),
      },
    );
    if (exitCode !== 0) throw cannotInitialise(prepared, stderr, timedOut);
    return { result: JSON.parse(readFileSync(result, 'utf8')), stderr };
  } finally {
    removeFolder(temporary);
  }
}

function layerRootsOf({ layers }: PreparedFunction): readonly string[] {
  return layers.map(({ path }) => join(path, 'python')).reverse();
}

function cannotInitialise(
  { configuration }: PreparedFunction,
  stderr: string,
  timedOut: boolean,
): LambdaPyError {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('import time:'));
  return new LambdaPyError({
    problem: timedOut
      ? `the function was not initialised within ${PATIENCE_MS / 1000} s`
      : 'the function cannot be initialised',
    found: lines.slice(-SHOWN_LINES).join('\n            '),
    expected: `that ${configuration.handler} can be imported`,
    mend: `correct the error; nx run ${configuration.name}:invoke shows it as Lambda does`,
  });
}
