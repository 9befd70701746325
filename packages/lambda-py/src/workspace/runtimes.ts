/** A Python runtime that Lambda offers. */
export interface Runtime {
  /** Lambda's identifier, as CloudFormation's `Runtime` takes it. */
  readonly identifier: string;
  /** The Python version, major and minor: `3.13`. */
  readonly pythonVersion: string;
  readonly operatingSystem: 'Amazon Linux 2' | 'Amazon Linux 2023';
  /** The operating system's glibc, which caps the manylinux tag (PEP 600) of the wheels that run there. */
  readonly glibc: { readonly major: number; readonly minor: number };
  /** The day from which Lambda gives the runtime no more updates, as an ISO date. */
  readonly deprecationDate: string;
}

// glibc: `ldd --version` in public.ecr.aws/lambda/python. Amazon Linux 2 has 2.26, Amazon Linux 2023 has 2.34:
// https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
const AMAZON_LINUX_2 = {
  operatingSystem: 'Amazon Linux 2',
  glibc: { major: 2, minor: 26 },
} as const;
const AMAZON_LINUX_2023 = {
  operatingSystem: 'Amazon Linux 2023',
  glibc: { major: 2, minor: 34 },
} as const;

/**
 * Every Python runtime that a service can name.
 *
 * Source: "Lambda runtimes", supported and deprecated ones,
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const RUNTIMES: readonly Runtime[] = [
  runtime('3.10', AMAZON_LINUX_2, '2026-10-31'),
  runtime('3.11', AMAZON_LINUX_2, '2027-06-30'),
  runtime('3.12', AMAZON_LINUX_2023, '2028-10-31'),
  runtime('3.13', AMAZON_LINUX_2023, '2029-06-30'),
  runtime('3.14', AMAZON_LINUX_2023, '2029-06-30'),
];

function runtime(
  pythonVersion: string,
  system: Pick<Runtime, 'operatingSystem' | 'glibc'>,
  deprecationDate: string,
): Runtime {
  return {
    identifier: `python${pythonVersion}`,
    pythonVersion,
    ...system,
    deprecationDate,
  };
}

/** The processor architectures that Lambda offers: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html */
export const ARCHITECTURES = ['x86_64', 'arm64'] as const;

/** One of {@link ARCHITECTURES}. */
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * Looks a runtime up by its identifier.
 *
 * @param identifier - for instance `python3.13`
 * @returns the runtime, or `undefined` where Lambda has none of that name
 */
export function findRuntime(identifier: string): Runtime | undefined {
  return RUNTIMES.find((candidate) => candidate.identifier === identifier);
}

/**
 * The runtime for a Python version.
 *
 * @param pythonVersion - with or without a micro part: `3.13` or `3.13.2`
 * @returns the runtime, or `undefined` where Lambda has none for that version
 */
export function runtimeOfPython(pythonVersion: string): Runtime | undefined {
  const [major, minor] = pythonVersion.split('.');
  return findRuntime(`python${major}.${minor}`);
}

/**
 * Tells whether Lambda has deprecated a runtime.
 *
 * @param candidate - the runtime
 * @param today - the day to judge by
 * @returns true from {@link Runtime.deprecationDate} on
 */
export function isDeprecated(candidate: Runtime, today: Date): boolean {
  return today >= new Date(`${candidate.deprecationDate}T00:00:00Z`);
}

/**
 * What to tell a user whose service names a runtime that Lambda has deprecated.
 *
 * @param candidate - the runtime
 * @param today - the day to judge by
 * @returns the warning; `undefined` while the runtime is supported
 */
export function deprecationWarning(
  candidate: Runtime,
  today: Date,
): string | undefined {
  if (!isDeprecated(candidate, today)) return undefined;
  return `The runtime ${candidate.identifier} is deprecated since ${candidate.deprecationDate}: it gets no security updates, and Lambda will refuse to create and to update its functions. Choose ${RUNTIMES.at(-1)?.identifier}.`;
}
