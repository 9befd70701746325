import { v } from './validation';
import { normaliseProjectName } from './names';

// 2027-02-30 is written like a day, and is none.
const isDayOfTheCalendar = (text: string): boolean =>
  new Date(text).toJSON().startsWith(text);

const reason = v.pipe(
  v.string(),
  v.minLength(1),
  v.description('Why it does no harm here, for whoever reads the next audit.'),
);
const expires = v.pipe(
  v.string(),
  v.isoDate(),
  v.check(isDayOfTheCalendar),
  v.description(
    'The last day on which the entry counts, by UTC, for instance "2027-01-31".',
  ),
);

/** The key of `[tool.lambda-py]` that takes findings off the audit, for a time. */
export const auditIgnoreShape = {
  'audit-ignore': v.pipe(
    v.optional(
      v.array(
        v.union([
          v.strictObject({
            id: v.pipe(
              v.string(),
              v.minLength(1),
              v.description(
                'A vulnerability by any of its identifiers, for instance "GHSA-9wx4-h78v-vm56" or "CVE-2024-35195".',
              ),
            ),
            reason,
            expires,
          }),
          v.strictObject({
            package: v.pipe(
              v.string(),
              v.minLength(1),
              v.description(
                'A distribution that is locked by URL, which no service knows: that it cannot be audited is accepted.',
              ),
            ),
            reason,
            expires,
          }),
        ]),
      ),
    ),
    v.description(
      "What an audit passes over, each with a reason and a date until which that holds. In the root's pyproject.toml it counts for every project.",
    ),
  ),
};

/** For that key what it takes, for error messages. */
export const EXPECTED_AUDIT_IGNORE: Readonly<
  Record<keyof typeof auditIgnoreShape, string>
> = {
  'audit-ignore':
    'an array of tables such as { id = "CVE-2024-35195", reason = "we verify every request", expires = "2027-01-31" }, or with package = "a-package" instead of id',
};

/** An entry of `audit-ignore`. */
export interface AuditIgnore {
  /** An identifier of a vulnerability, in upper case; none where a distribution is named. */
  readonly id?: string;
  /** The PEP 503 name of a distribution that no service can tell of. */
  readonly package?: string;
  readonly reason: string;
  /** The last day on which it counts, by UTC: `YYYY-MM-DD`. */
  readonly expires: string;
}

/**
 * Normalises the entries: identifiers of vulnerabilities are the same in any case.
 *
 * @param table - `[tool.lambda-py]`, checked
 * @returns the entries, in the order of the table
 */
export function auditIgnoreOf(
  table: v.InferOutput<v.ObjectSchema<typeof auditIgnoreShape, undefined>>,
): readonly AuditIgnore[] {
  return (table['audit-ignore'] ?? []).map((entry) => ({
    ...('id' in entry
      ? { id: entry.id.toUpperCase() }
      : { package: normaliseProjectName(entry.package) }),
    reason: entry.reason,
    expires: entry.expires,
  }));
}
