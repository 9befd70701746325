import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, parse, relative, resolve } from 'node:path';
import { parseJson } from '@nx/devkit';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { assembleBatch } from './batch-event';
import { LARGEST_EVENT_BYTES } from './lambda-limits';

/** Where an event may be. */
export interface EventOptions {
  /**
   * A file, or the name of one in the service's folder of events; several with commas between them, whose records make one
   * batch; {@link STDIN} for standard input.
   */
  readonly event?: string;
  /** The event itself, as JSON. */
  readonly payload?: string;
}

/** Where files are looked for. */
export interface EventPlaces {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Relative to the workspace root. */
  readonly projectRoot: string;
  /** The folder that the user stands in; absolute path. */
  readonly cwd: string;
}

/** The folder of a service that holds its events. */
export const EVENTS_FOLDER = 'events';

/** The name of an event that is read from standard input. */
export const STDIN = '-';

/**
 * Reads the event of an invocation.
 *
 * @param options - exactly one of both
 * @param places - see {@link EventPlaces}
 * @param stdin - what standard input holds, where the event is {@link STDIN}
 * @returns JSON text, as the user wrote it; a batch as it was assembled
 * @throws {@link LambdaPyError} when there is not exactly one event, its file is missing, it is not JSON or too large, or a
 * batch cannot be assembled
 */
export function readEvent(
  options: EventOptions,
  places: EventPlaces,
  stdin?: string,
): string {
  const { event, payload } = options;
  if ((event === undefined) === (payload === undefined)) {
    throw new LambdaPyError({
      problem:
        event === undefined
          ? 'there is no event to invoke the function with'
          : 'there are two events',
      expected: 'either --event or --payload',
      mend: `--event=NAME for ${places.projectRoot}/${EVENTS_FOLDER}/NAME.json, --event=FILE, --event=- for standard input, or --payload='{"key": "value"}'${listEvents(places)}`,
    });
  }
  if (payload !== undefined)
    return checkJson(payload, { location: '--payload' });
  const name = event ?? '';
  if (name === STDIN)
    return checkJson(stdin ?? '', { location: 'standard input' });
  const names = name.split(',');
  if (names.length === 1 || findFile(name, places).found !== undefined) {
    return readEventFile(name, places).text;
  }
  const batch = assembleBatch(names.map((one) => readEventFile(one, places)));
  return checkJson(batch, { location: '--event' });
}

/**
 * Reads standard input to its end.
 *
 * @returns the text
 * @throws {@link LambdaPyError} when it is a terminal: where Nx prints to one, it gives each task a terminal of its own, and
 * what was piped to Nx does not arrive
 */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new LambdaPyError({
      location: '--event=-',
      problem: 'nothing is piped to the task: its standard input is a terminal',
      expected:
        'piped input, and an output that is no terminal, since Nx gives tasks a terminal of their own where it prints to one',
      mend: 'pipe the output too: cat event.json | nx run … --event=- | cat; or name the file with --event',
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readEventFile(
  event: string,
  places: EventPlaces,
): { readonly file: string; readonly text: string } {
  const path = findEvent(event, places);
  const file = relative(places.workspaceRoot, path);
  return { file, text: checkJson(readFileSync(path, 'utf8'), { file }) };
}

function findFile(
  event: string,
  { workspaceRoot, projectRoot, cwd }: EventPlaces,
): { readonly candidates: readonly string[]; readonly found?: string } {
  const events = join(workspaceRoot, projectRoot, EVENTS_FOLDER);
  const isName = parse(event).base === event;
  const candidates = [
    ...(isName ? [join(events, `${event}.json`), join(events, event)] : []),
    resolve(cwd, event),
    resolve(workspaceRoot, event),
  ];
  const found = candidates.find((path) =>
    statSync(path, { throwIfNoEntry: false })?.isFile(),
  );
  return { candidates, ...(found === undefined ? {} : { found }) };
}

function findEvent(event: string, places: EventPlaces): string {
  const { workspaceRoot } = places;
  const { candidates, found } = findFile(event, places);
  if (event !== '' && found !== undefined) return found;
  throw new LambdaPyError({
    problem: 'the event file does not exist',
    found: event,
    expected: [...new Set(candidates)]
      .map((path) => relative(workspaceRoot, path))
      .join(' or '),
    mend: `name a file that exists${listEvents(places)}`,
  });
}

function listEvents({ workspaceRoot, projectRoot }: EventPlaces): string {
  try {
    const names = readdirSync(join(workspaceRoot, projectRoot, EVENTS_FOLDER))
      .filter((name) => name.endsWith('.json'))
      .map((name) => parse(name).name);
    return names.length === 0
      ? ''
      : `; the service has the events ${names.join(', ')}`;
  } catch {
    // It has no such folder.
    return '';
  }
}

function checkJson(
  text: string,
  place: { readonly file?: string; readonly location?: string },
): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new LambdaPyError(
      {
        ...place,
        location: [place.location, locateJsonError(text)]
          .filter((part) => part !== undefined)
          .join(', '),
        problem: 'the event is not JSON',
        found: text.trim() === '' ? 'nothing' : messageOf(error),
        mend: 'correct it; strings and keys stand in double quotes, and there are no comments and no trailing commas',
      },
      { cause: error },
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_EVENT_BYTES) {
    throw new LambdaPyError({
      ...place,
      problem: 'the event is too large for a synchronous invocation',
      found: `${bytes} bytes`,
      expected: `${LARGEST_EVENT_BYTES} bytes at most`,
      mend: 'pass a smaller event',
    });
  }
  return text;
}

/** Nx's parser tells where the error is; Node's own does so in some versions only. */
function locateJsonError(text: string): string | undefined {
  try {
    parseJson(text, { allowTrailingComma: false, disallowComments: true });
    return undefined;
  } catch (error) {
    const [, line, column] = / at (\d+):(\d+)/.exec(messageOf(error)) ?? [];
    return line === undefined ? undefined : `line ${line}, column ${column}`;
  }
}
