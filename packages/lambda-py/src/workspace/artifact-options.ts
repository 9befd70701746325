import { v } from './validation';
import { normaliseProjectName } from './names';

/** What `strip` can leave out of an artifact. */
export const STRIP_KINDS = ['tests', 'stubs', 'docs', 'headers'] as const;

/** One of {@link STRIP_KINDS}. */
export type StripKind = (typeof STRIP_KINDS)[number];

// International System of Units and IEC 80000-13: 1 MB is 10^6 bytes, 1 MiB is 2^20.
const UNITS: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
const SIZE = /^\d+(?:\.\d+)? ?(?:kB|MB|GB|KiB|MiB|GiB)$/;
// Neither absolute, nor out of the folder, nor a negation.
const GLOB = /^(?![!/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)).+$/;

// "800 ms", "1.5 s".
const DURATION = /^\d+(?:\.\d+)? ?(?:ms|s)$/;

const size = v.pipe(v.string(), v.regex(SIZE));
const globs = v.array(v.pipe(v.string(), v.regex(GLOB)));

/** The keys of `[tool.lambda-py]` that say what goes into an artifact. */
export const artifactOptionsShape = {
  bytecode: v.pipe(
    v.optional(v.boolean()),
    v.description(
      "Whether the artifact holds bytecode for the runtime's Python, so that a cold start need not compile; true when left out. It takes an interpreter of that minor version.",
    ),
  ),
  provided: v.pipe(
    v.optional(v.array(v.pipe(v.string(), v.minLength(1)))),
    v.description(
      'Distributions that are left out because the runtime or a layer has them, for instance ["boto3", "botocore"]. Nothing is left out by default: the runtime\'s versions change without notice.',
    ),
  ),
  include: v.pipe(
    v.optional(globs),
    v.description(
      'Globs of files in the project\'s folder that are put into the zip at the same relative path, for instance ["config/*.json"], as Serverless Framework\'s package.patterns does. The modules of the package and its data are in the zip anyway. A folder stands for all in it.',
    ),
  ),
  exclude: v.pipe(
    v.optional(globs),
    v.description(
      'Globs of paths in the zip that are left out, of dependencies and of the service alike, for instance ["pandas/tests/**"]. Bytecode goes with its source. A folder stands for all in it.',
    ),
  ),
  strip: v.pipe(
    v.optional(v.array(v.picklist(STRIP_KINDS))),
    v.description(
      'What is left out of every distribution because programs rarely read it: "tests" (folders of that name, conftest.py), "stubs" (*.pyi), "docs" (*.md, *.rst, share/doc, share/man), "headers" (headers and sources of C, C++, Cython and Fortran, static libraries). Nothing by default.',
    ),
  ),
  'botocore-services': v.pipe(
    v.optional(v.array(v.pipe(v.string(), v.minLength(1)))),
    v.description(
      'The AWS services that the function calls, as botocore names them, for instance ["dynamodb", "s3"]. The descriptions of all others are left out of boto3 and botocore; those that credentials need stay. All are kept by default.',
    ),
  ),
  budgets: v.pipe(
    v.optional(
      v.strictObject({
        zip: v.pipe(
          v.optional(size),
          v.description('The most that the zip may have.'),
        ),
        unzipped: v.pipe(
          v.optional(size),
          v.description('The most that its files may have together.'),
        ),
        init: v.pipe(
          v.optional(v.pipe(v.string(), v.regex(DURATION))),
          v.description(
            'The most CPU time that the initialisation of the function may take, as the target coldstart measures it, for instance "800 ms".',
          ),
        ),
      }),
    ),
    v.description(
      'What pack fails above (zip, unzipped), and coldstart (init), for instance { zip = "10 MB", unzipped = "60 MB", init = "800 ms" }; 1 MB is 10^6 bytes, 1 MiB 2^20.',
    ),
  ),
};

/** For each of those keys what it takes, for error messages. */
export const EXPECTED_ARTIFACT_OPTIONS: Readonly<
  Record<keyof typeof artifactOptionsShape, string>
> = {
  bytecode: 'true or false',
  provided: 'an array of names of distributions, such as ["boto3", "botocore"]',
  include:
    'an array of globs within the project\'s folder, such as ["config/*.json"]',
  exclude: 'an array of globs within the zip, such as ["pandas/tests/**"]',
  strip: `an array of ${STRIP_KINDS.map((kind) => JSON.stringify(kind)).join(', ')}`,
  'botocore-services':
    'an array of service names of botocore, such as ["dynamodb", "s3"]',
  budgets:
    'a table with the keys zip, unzipped and init, such as { zip = "10 MB", unzipped = "60 MB", init = "800 ms" }; units are kB, MB, GB, KiB, MiB, GiB, and ms, s',
};

/** What goes into a service's artifact. */
export interface ArtifactOptions {
  readonly bytecode: boolean;
  /** PEP 503 names. */
  readonly provided: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly strip: readonly StripKind[];
  /** None where the data of all services are kept. */
  readonly botocoreServices?: readonly string[];
  readonly budgets: Budgets;
}

/** The most that an artifact may cost. */
export interface Budgets {
  /** In bytes. */
  readonly zip?: number;
  /** In bytes. */
  readonly unzipped?: number;
  /** CPU time, in ms. */
  readonly init?: number;
}

/**
 * Completes the options with their defaults, none of which leaves anything out.
 *
 * @param table - `[tool.lambda-py]`, checked
 * @returns the options
 */
export function artifactOptionsOf(
  table: v.InferOutput<v.ObjectSchema<typeof artifactOptionsShape, undefined>>,
): ArtifactOptions {
  const { budgets = {}, 'botocore-services': botocoreServices } = table;
  return {
    bytecode: table.bytecode ?? true,
    provided: (table.provided ?? []).map(normaliseProjectName),
    include: table.include ?? [],
    exclude: table.exclude ?? [],
    strip: table.strip ?? [],
    ...(botocoreServices === undefined ? {} : { botocoreServices }),
    budgets: {
      ...(budgets.zip === undefined ? {} : { zip: bytesOf(budgets.zip) }),
      ...(budgets.unzipped === undefined
        ? {}
        : { unzipped: bytesOf(budgets.unzipped) }),
      ...(budgets.init === undefined
        ? {}
        : { init: millisecondsOf(budgets.init) }),
    },
  };
}

function millisecondsOf(text: string): number {
  return Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1000);
}

function bytesOf(text: string): number {
  const unit = text.replace(/[\d. ]/g, '');
  return Math.floor(Number.parseFloat(text) * (UNITS[unit] ?? 1));
}
