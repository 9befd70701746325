import { z } from 'zod';
import { jsonOf } from '../workspace/json';
import { keyOf } from './pins';
import type { Pin } from './pins';

/** A known vulnerability of one version of a distribution. */
export const advisorySchema = z.object({
  /** The service's identifier, for instance `GHSA-9wx4-h78v-vm56`. */
  id: z.string().min(1),
  /** The same vulnerability under other identifiers. */
  aliases: z.array(z.string()),
  summary: z.string(),
  link: z.string().optional(),
  /** The versions in which it is gone. */
  fixedIn: z.array(z.string()),
});

/** A known vulnerability of one version of a distribution. */
export type Advisory = z.infer<typeof advisorySchema>;

/** For each pin that a service was asked for, by {@link keyOf}: all that is known of it, nothing included. */
export type Answers = ReadonlyMap<string, readonly Advisory[]>;

// What `uv audit --output-format json` writes; uv calls the format a preview, so what does not fit is no answer.
const reportSchema = z.object({
  summary: z.object({ audited_packages: z.number() }),
  vulnerabilities: z.array(
    z.object({
      dependency: z.object({ name: z.string(), version: z.string() }),
      id: z.string().min(1),
      aliases: z.array(z.string()),
      summary: z.string().nullish(),
      link: z.string().nullish(),
      fix_versions: z.array(z.string()),
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
  const report = reportSchema.safeParse(jsonOf(text)).data;
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
