import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lock } from 'proper-lockfile';
import { v } from '../workspace/validation';
import { isDiskError } from '../artifact/disk-error';
import { writeWhole } from '../artifact/pending-file';
import { makeCacheFolder } from '../workspace/cache-folder';
import { jsonOf } from '../workspace/json';
import { readTextIfPresent } from '../workspace/text-file';
import { advisorySchema, refusalSchema } from './advisories';
import type { Advisory, Answered, Answers, Refusal } from './advisories';
import { askInParts } from './ask-in-parts';
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
    v.object({
      run: v.string(),
      at: v.number(),
      refusal: refusalSchema,
      /** The pins that have no answer; left out where the service answers nothing. */
      pins: v.optional(v.array(v.string())),
    }),
  ),
});
type Store = v.InferOutput<typeof storeSchema>;

// Two runs may have the same parent: a failure is not for long either.
const FAILURE_COUNTS_MS = 120_000;

/**
 * The answers for pins: each distinct pin is asked for once a day, whichever services have it, also where their tasks
 * run at the same time.
 *
 * @param pins - distinct pins
 * @param options - see {@link AnswerOptions}
 * @returns what is known of them, and why it is not all
 */
export async function answersFor(
  pins: readonly Pin[],
  options: AnswerOptions,
): Promise<Answered> {
  const file = storeFile(options);
  if (file === undefined) return askInParts(pins, options.ask);
  const known = readStore(file);
  if (missingOf(pins, known).length === 0) return taken(pins, known);
  const release = await lockOf(file);
  if (release === 'locked')
    return taken(
      pins,
      known,
      lockedRefusal(relative(options.workspaceRoot, file)),
    );
  if (release === undefined) return askInParts(pins, options.ask);
  try {
    const { failure, ...store } = readStore(file);
    const earlier = isOfRun(failure, options) ? failure : undefined;
    const missing = missingOf(pins, store).filter(
      (pin) =>
        earlier === undefined || earlier.pins?.includes(keyOf(pin)) === false,
    );
    if (missing.length === 0) return taken(pins, store, earlier?.refusal);
    const { answers, refusal } = await askInParts(missing, options.ask);
    for (const [key, found] of answers) store.answers[key] = [...found];
    const isDown =
      answers.size === 0 && (missing.length > 1 || earlier !== undefined);
    const refused = [
      ...(earlier?.pins ?? []),
      ...missingOf(missing, store).map(keyOf),
    ];
    const latest = refusal ?? earlier?.refusal;
    keep(file, {
      ...store,
      ...(latest === undefined
        ? {}
        : {
            failure: {
              ...{ run: options.run, at: options.now, refusal: latest },
              ...(isDown ? {} : { pins: refused }),
            },
          }),
    });
    return taken(pins, store, latest);
  } finally {
    // It is gone where it was compromised.
    await release().catch(() => undefined);
  }
}

/** Waits for the other tasks; `undefined` where the disk takes no lock. */
async function lockOf(
  file: string,
): Promise<(() => Promise<void>) | 'locked' | undefined> {
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
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return 'locked';
    throw error;
  }
}

function lockedRefusal(file: string): Refusal {
  return {
    found: `another audit has held ${file}.lock for ten minutes`,
    expected: 'an audit that comes to its end',
    mend: 'end that audit, or remove the lock where there is none, and try again',
  };
}

function isOfRun(
  failure: Store['failure'],
  { run, now }: AnswerOptions,
): failure is NonNullable<Store['failure']> {
  return failure?.run === run && now - failure.at < FAILURE_COUNTS_MS;
}

function missingOf(
  pins: readonly Pin[],
  { answers }: Pick<Store, 'answers'>,
): Pin[] {
  return pins.filter((pin) => !Object.hasOwn(answers, keyOf(pin)));
}

/** The refusal is told where it is one of these pins'. */
function taken(
  pins: readonly Pin[],
  { answers }: Pick<Store, 'answers'>,
  refusal?: Refusal,
): Answered {
  const known = pins
    .map(keyOf)
    .flatMap((key): [string, readonly Advisory[]][] => {
      const found = answers[key];
      return found === undefined ? [] : [[key, found]];
    });
  return {
    answers: new Map(known),
    ...(refusal === undefined || known.length === pins.length
      ? {}
      : { refusal }),
  };
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
