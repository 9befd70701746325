import { z } from 'zod';
import {
  artifactOptionsOf,
  artifactOptionsShape,
  EXPECTED_ARTIFACT_OPTIONS,
} from './artifact-options';
import type { ArtifactOptions } from './artifact-options';
import { LambdaPyError } from './errors';
import { ARCHITECTURES, findRuntime, RUNTIMES } from './runtimes';
import type { Architecture, Runtime } from './runtimes';

// https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html: file name and function name, joined by a dot. Of a
// dotted module Lambda takes the last part as the attribute.
const HANDLER = /^(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*$/;

/**
 * `[tool.lambda-py]` as the user writes it: the one place that describes a function.
 *
 * `schemas/lambda-py.schema.json` is generated from it, for editors.
 */
export const lambdaPyTableSchema = z
  .strictObject({
    handler: z
      .string()
      .regex(HANDLER)
      .optional()
      .describe(
        'The function that Lambda calls, as "package.module.function", for instance "orders.handler.handler". A project that has it is a service.',
      ),
    runtime: z
      .enum(RUNTIMES.map(({ identifier }) => identifier))
      .optional()
      .describe("Lambda's identifier of the Python runtime."),
    architecture: z
      .enum(ARCHITECTURES)
      .optional()
      .describe(
        'The processor architecture that the function runs on; "x86_64" when left out, as for Lambda.',
      ),
    ...artifactOptionsShape,
    tags: z
      .array(z.string().min(1))
      .optional()
      .describe('The project\'s Nx tags, for instance ["scope:orders"].'),
  })
  .describe('What lambda-py knows of a Python project.');

/**
 * The JSON schema of `[tool.lambda-py]`, which the package ships for editors.
 *
 * @returns a schema of draft 7, the newest that the TOML editors' language servers read
 */
export function lambdaPyTableJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    title: '[tool.lambda-py] of a pyproject.toml',
    ...z.toJSONSchema(lambdaPyTableSchema, { target: 'draft-7', io: 'input' }),
  };
}

/** A service's `[tool.lambda-py]`, checked and with its defaults. */
export interface ServiceConfiguration {
  readonly handler: string;
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  readonly artifact: ArtifactOptions;
}

/** `[tool.lambda-py]`, checked and with its defaults. */
export interface LambdaPyTable {
  readonly tags: readonly string[];
  /** Only a service has one. */
  readonly service?: ServiceConfiguration;
}

/**
 * Checks the `[tool.lambda-py]` table of a pyproject.toml.
 *
 * @param table - the table as parsed
 * @param file - the file it stands in, for the error message
 * @returns the configuration
 * @throws {@link LambdaPyError} that names the key, what was found and what is allowed
 */
export function parseLambdaPyTable(
  table: unknown,
  file: string,
): LambdaPyTable {
  const parsed = lambdaPyTableSchema.safeParse(table);
  if (!parsed.success) throw errorOfIssue(parsed.error, table, file);
  const { handler, runtime, architecture, tags = [], ...rest } = parsed.data;
  if (handler === undefined) {
    const alone = Object.keys(EXPECTED).find(
      (key) => key !== 'tags' && Object.hasOwn(parsed.data, key),
    );
    if (alone === undefined) return { tags };
    throw missingKey(
      'handler',
      file,
      `"${alone}" describes a service, which has a handler`,
    );
  }
  const known = runtime === undefined ? undefined : findRuntime(runtime);
  if (known === undefined) throw missingKey('runtime', file);
  const artifact = artifactOptionsOf(rest);
  requireBotocore(artifact, file);
  return {
    tags,
    service: {
      handler,
      runtime: known,
      architecture: architecture ?? 'x86_64',
      artifact,
    },
  };
}

const EXPECTED: Readonly<
  Record<keyof z.infer<typeof lambdaPyTableSchema>, string>
> = {
  handler: 'a string such as "orders.handler.handler"',
  runtime: `one of ${quoted(RUNTIMES.map(({ identifier }) => identifier))}`,
  architecture: `one of ${quoted(ARCHITECTURES)}`,
  ...EXPECTED_ARTIFACT_OPTIONS,
  tags: 'an array of strings',
};

function errorOfIssue(
  error: z.ZodError,
  table: unknown,
  file: string,
): LambdaPyError {
  const issue = error.issues[0];
  const mend = `edit ${file}`;
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    return new LambdaPyError({
      file,
      location: '[tool.lambda-py]',
      problem: 'unknown key',
      found: issue.keys.join(', '),
      expected: `the keys ${Object.keys(EXPECTED).join(', ')}`,
      mend,
    });
  }
  const key = issue?.path[0];
  if (typeof key !== 'string' || !(key in EXPECTED)) {
    return new LambdaPyError({
      file,
      location: '[tool.lambda-py]',
      problem: 'not a table',
      found: shown(table),
      expected: `a table with the keys ${Object.keys(EXPECTED).join(', ')}`,
      mend,
    });
  }
  return new LambdaPyError({
    file,
    location: `[tool.lambda-py] ${key}`,
    problem: 'the value is not one that the key takes',
    found: shown((table as Readonly<Record<string, unknown>>)[key]),
    expected: EXPECTED[key as keyof typeof EXPECTED],
    mend,
  });
}

function requireBotocore(
  { provided, botocoreServices }: ArtifactOptions,
  file: string,
): void {
  if (botocoreServices === undefined || !provided.includes('botocore')) return;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py] botocore-services',
    problem: 'the key has no effect where "provided" leaves botocore out',
    found: `provided = ${shown(provided)}`,
    mend: 'remove "botocore-services", or botocore from "provided"',
  });
}

function missingKey(
  key: keyof typeof EXPECTED,
  file: string,
  found?: string,
): LambdaPyError {
  return new LambdaPyError({
    file,
    location: `[tool.lambda-py] ${key}`,
    problem: 'the key is missing',
    ...(found === undefined ? {} : { found }),
    expected: EXPECTED[key],
    mend: `edit ${file}`,
  });
}

/** A TOML value as JSON, which has no 64-bit integers. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  );
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
