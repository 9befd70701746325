import type { AuditIgnore } from '../workspace/audit-ignore';
import type { Advisory, Answers } from './advisories';

/** An entry of `audit-ignore`, and the file that it stands in. */
export interface PlacedIgnore extends AuditIgnore {
  readonly file: string;
}

/** A vulnerability of a closure. */
export interface Vulnerability {
  /** The distribution and its version, for instance `requests 2.31.0`. */
  readonly pin: string;
  readonly advisory: Advisory;
}

/** What is left of the answers once the lists of what is passed over have been applied. */
export interface Verdict {
  readonly vulnerabilities: readonly Vulnerability[];
  /** Distributions of which nobody can tell, and that no entry accepts. */
  readonly unknown: readonly string[];
  /** How many vulnerabilities and unknown distributions an entry passed over. */
  readonly ignored: number;
  /** Entries that would have matched, had they not expired. */
  readonly expired: readonly PlacedIgnore[];
}

/**
 * Applies the entries of `audit-ignore`.
 *
 * @param answers - what is known of each pin
 * @param unknown - the distributions of which nobody can tell: PEP 503 names
 * @param entries - what is passed over
 * @param today - `YYYY-MM-DD` by UTC
 * @returns what counts
 */
export function judge(
  answers: Answers,
  unknown: readonly string[],
  entries: readonly PlacedIgnore[],
  today: string,
): Verdict {
  const expired = new Set<PlacedIgnore>();
  let ignored = 0;
  const isIgnored = (matches: (entry: PlacedIgnore) => boolean): boolean => {
    const matching = entries.filter(matches);
    if (matching.some(({ expires }) => today <= expires)) {
      ignored += 1;
      return true;
    }
    for (const entry of matching) expired.add(entry);
    return false;
  };
  const vulnerabilities = [...answers]
    .flatMap(([pin, advisories]) =>
      advisories.map((advisory) => ({ pin, advisory })),
    )
    .filter(({ advisory: { id, aliases } }) => {
      const identifiers = [id, ...aliases].map((one) => one.toUpperCase());
      return !isIgnored(
        (entry) => entry.id !== undefined && identifiers.includes(entry.id),
      );
    });
  return {
    vulnerabilities,
    unknown: unknown.filter(
      (name) => !isIgnored((entry) => entry.package === name),
    ),
    ignored,
    expired: [...expired],
  };
}
