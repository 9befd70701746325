import { parseRequirements } from '../artifact/requirements-list';

/** A distribution of a closure, at one version. */
export interface Pin {
  /** PEP 503 name. */
  readonly name: string;
  /** PEP 440, without a local part: advisories are written for public versions. */
  readonly version: string;
}

/** What an audit can tell of a locked closure. */
export interface AuditedClosure {
  /** Each distinct pin, whatever its marker, sorted. */
  readonly pins: readonly Pin[];
  /** The names of distributions that are locked by URL or path, which no service knows, sorted. */
  readonly unknown: readonly string[];
}

/**
 * Reads the pins of a requirements.txt.
 *
 * @param text - the file's content
 * @param file - its path, for error messages
 * @returns every distribution of it, in one of the two lists
 * @throws LambdaPyError as {@link parseRequirements}
 */
export function auditedClosureOf(text: string, file: string): AuditedClosure {
  const pins = new Map<string, Pin>();
  const unknown = new Set<string>();
  for (const { name, version, line } of parseRequirements(text, file)) {
    if (name === undefined || version === undefined) {
      unknown.add(name ?? line);
      continue;
    }
    const pin = { name, version: version.replace(/\+.*$/, '') };
    pins.set(keyOf(pin), pin);
  }
  return {
    pins: [...pins.entries()].sort(byKey).map(([, pin]) => pin),
    unknown: [...unknown].sort(),
  };
}

/**
 * The text that a pin is known by.
 *
 * @param pin - the pin
 * @returns for instance `requests 2.31.0`
 */
export function keyOf({ name, version }: Pin): string {
  return `${name} ${version}`;
}

function byKey([a]: [string, Pin], [b]: [string, Pin]): number {
  return a < b ? -1 : 1;
}
