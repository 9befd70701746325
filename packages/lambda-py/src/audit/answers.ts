import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import * as v from 'valibot';
import { isDiskError } from '../artifact/disk-error';
import { writeWhole } from '../artifact/pending-file';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { jsonOf } from '../workspace/json';
import { readTextIfPresent } from '../workspace/text-file';
import { advisorySchema } from './advisories';
import type { Answers } from './advisories';
import { keyOf } from './pins';
import type { Pin } from './pins';

/** Where and for whom answers are kept. */
export interface AnswerOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The service that answers; its default when left out. */
  readonly serviceUrl?: string;
  /** `YYYY-MM-DD` by UTC: answers of another day do not count. */
  readonly today: string;
  /** What the tasks of one run of Nx have in common: a service that did not answer one of them is not asked again. */
  readonly run: string;
  /** The time, in ms since 1970. */
  readonly now: number;
  /** Asks the service. */
  readonly ask: (pins: readonly Pin[]) => Promise<Answers>;
}

const storeSchema = v.object({
  answers: v.record(v.string(), v.array(advisorySchema)),
  failure: v.optional(
    v.object({ run: v.string(), found: v.string(), at: v.number() }),
  ),
});
type Store = v.InferOutput<typeof storeSchema>;

// Two runs may have the same parent: a failure is not for long either.
const FAILURE_COUNTS_MS = 120_000;

/**
 * The answers for pins: each distinct pin is asked for once a day, whichever services have it, also where their tasks
 * run at the same time.
 *
 * @param pins - the pins of one closure
 * @param options - see {@link AnswerOptions}
 * @returns an answer for every pin
 * @throws {@link LambdaPyError} when the service could not be asked
 */
export async function answersFor(
  pins: readonly Pin[],
  options: AnswerOptions,
): Promise<Answers> {
  const file = storeFile(options);
  if (file === undefined) return asked(pins, options);
  const known = readStore(file);
  if (missingOf(pins, known).length === 0) return taken(pins, known);
  const release = await lockOf(file);
  if (release === undefined) return asked(pins, options);
  try {
    const store = readStore(file);
    const missing = missingOf(pins, store);
    if (missing.length === 0) return taken(pins, store);
    if (isOfRun(store.failure, options)) throw sameFailure(store.failure);
    const { failure: _, ...kept } = store;
    try {
      const answers = await options.ask(missing);
      for (const [key, found] of answers) kept.answers[key] = [...found];
    } catch (error) {
      const found = error instanceof LambdaPyError ? error.details.found : '';
      keep(file, {
        ...kept,
        failure: { run: options.run, found: found ?? '', at: options.now },
      });
      throw error;
    }
    keep(file, kept);
    return taken(pins, kept);
  } finally {
    // It is gone where it was compromised.
    await release().catch(() => undefined);
  }
}

/** Waits for the other tasks; `undefined` where the disk takes no lock. */
async function lockOf(
  file: string,
): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lock(file, {
      // The file need not be there yet.
      realpath: false,
      // A task that was killed holds the lock for this long, in ms.
      stale: 30_000,
      retries: { retries: 1200, factor: 1.2, minTimeout: 50, maxTimeout: 500 },
      // A machine that slept: the worst that comes of it is a question asked twice.
      onCompromised: () => undefined,
    });
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}

function isOfRun(
  failure: Store['failure'],
  { run, now }: AnswerOptions,
): failure is NonNullable<Store['failure']> {
  return failure?.run === run && now - failure.at < FAILURE_COUNTS_MS;
}

async function asked(
  pins: readonly Pin[],
  { ask }: AnswerOptions,
): Promise<Answers> {
  return pins.length === 0 ? new Map() : ask(pins);
}

function missingOf(pins: readonly Pin[], { answers }: Store): Pin[] {
  return pins.filter((pin) => !Object.hasOwn(answers, keyOf(pin)));
}

function taken(pins: readonly Pin[], { answers }: Store): Answers {
  return new Map(pins.map(keyOf).map((key) => [key, answers[key] ?? []]));
}

/** The file of a day and a service; `undefined` where the disk takes none. Those of other days go. */
function storeFile({
  workspaceRoot,
  serviceUrl = '',
  today,
}: AnswerOptions): string | undefined {
  try {
    const folder = makeCacheFolder(workspaceRoot, 'audit');
    accessSync(folder, constants.W_OK);
    for (const name of readdirSync(folder)) {
      const day = /^(\d{4}-\d{2}-\d{2})-[0-9a-f]+\.json$/.exec(name)?.[1];
      if (day !== undefined && day < today) {
        rmSync(join(folder, name), { force: true });
      }
    }
    // The address may hold a password.
    const service = createHash('sha256').update(serviceUrl).digest('hex');
    return join(folder, `${today}-${service.slice(0, 12)}.json`);
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}

/** A damaged file is as good as none. */
function readStore(file: string): Store {
  return jsonOf(readTextIfPresent(file), storeSchema) ?? { answers: {} };
}

function keep(file: string, store: Store): void {
  try {
    writeWhole(file, Buffer.from(JSON.stringify(store)));
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}

function sameFailure({ found }: { readonly found: string }): LambdaPyError {
  return new LambdaPyError({
    problem:
      'the service of vulnerabilities did not answer another task of this run, and is not asked again',
    ...(found === '' ? {} : { found }),
    mend: 'check the network, or name a mirror with the option "serviceUrl"',
  });
}
