import { v } from '../workspace/validation';
import { jsonOf } from '../workspace/json';
import { keyOf } from './pins';
import type { Pin } from './pins';

/** A known vulnerability of one version of a distribution. */
export const advisorySchema = v.object({
  /** The service's identifier, for instance `GHSA-9wx4-h78v-vm56`. */
  id: v.pipe(v.string(), v.minLength(1)),
  /** The same vulnerability under other identifiers. */
  aliases: v.array(v.string()),
  summary: v.string(),
  link: v.optional(v.string()),
  /** The versions in which it is gone. */
  fixedIn: v.array(v.string()),
});

/** A known vulnerability of one version of a distribution. */
export type Advisory = v.InferOutput<typeof advisorySchema>;

/** For each pin that a service was asked for, by {@link keyOf}: all that is known of it, nothing included. */
export type Answers = ReadonlyMap<string, readonly Advisory[]>;

/** Why there is no answer for some pins. */
export const refusalSchema = v.object({
  found: v.string(),
  expected: v.exactOptional(v.string()),
  mend: v.exactOptional(v.string()),
});

/** Why there is no answer for some pins. */
export type Refusal = v.InferOutput<typeof refusalSchema>;

/** What came of asking for pins. */
export interface Answered {
  /** Of those that were answered. */
  readonly answers: Answers;
  /** Only where some have no answer. */
  readonly refusal?: Refusal;
}

// What `uv audit --output-format json` writes; uv calls the format a preview, so what does not fit is no answer.
const reportSchema = v.object({
  summary: v.object({ audited_packages: v.number() }),
  vulnerabilities: v.array(
    v.object({
      dependency: v.object({ name: v.string(), version: v.string() }),
      id: v.pipe(v.string(), v.minLength(1)),
      aliases: v.array(v.string()),
      summary: v.nullish(v.string()),
      link: v.nullish(v.string()),
      fix_versions: v.array(v.string()),
    }),
  ),
});

/**
 * Reads uv's report.
 *
 * @param text - what uv printed
 * @param pins - what it was asked for
 * @returns an answer for every pin; `undefined` where the report does not account for each of them
 */
export function parseUvReport(
  text: string,
  pins: readonly Pin[],
): Answers | undefined {
  const report = jsonOf(text, reportSchema);
  if (report?.summary.audited_packages !== pins.length) return undefined;
  const answers = new Map<string, Advisory[]>(
    pins.map((pin) => [keyOf(pin), []]),
  );
  for (const { dependency, ...found } of report.vulnerabilities) {
    const advisories = answers.get(keyOf(dependency));
    // Of something that nobody asked for: the report is not about these pins.
    if (advisories === undefined) return undefined;
    advisories.push({
      id: found.id,
      aliases: found.aliases,
      summary: found.summary ?? '',
      ...(found.link == null ? {} : { link: found.link }),
      fixedIn: found.fix_versions,
    });
  }
  return answers;
}
