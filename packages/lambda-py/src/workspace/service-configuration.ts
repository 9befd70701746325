import { v } from './validation';
import { artifactOptionsOf, artifactOptionsShape } from './artifact-options';
import type { ArtifactOptions } from './artifact-options';
import { auditIgnoreOf, auditIgnoreShape } from './audit-ignore';
import type { AuditIgnore } from './audit-ignore';
import { LambdaPyError } from './errors';
import { SOURCE_NAMES } from './event-sources';
import type { SourceName } from './event-sources';
import { normaliseProjectName } from './names';
import { ARCHITECTURES, findRuntime, RUNTIMES } from './runtimes';
import type { Architecture, Runtime } from './runtimes';
import {
  errorOfIssue,
  EXPECTED,
  missingKey,
  requireInnerTables,
  requireTable,
  shown,
} from './table-errors';

// https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html: file name and function name, joined by a dot. Of a
// dotted module Lambda takes the last part as the attribute.
const HANDLER = /^(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*$/;

// https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html: "You can add up to five layers to a function".
const MOST_LAYERS = 5;

/**
 * `[tool.lambda-py]` as the user writes it: the one place that describes a function.
 *
 * `schemas/lambda-py.schema.json` is generated from it, for editors.
 */
export const lambdaPyTableSchema = v.pipe(
  v.strictObject({
    handler: v.pipe(
      v.optional(v.pipe(v.string(), v.regex(HANDLER))),
      v.description(
        'The function that Lambda calls, as "package.module.function", for instance "orders.handler.handler". A project that has it is a service.',
      ),
    ),
    runtime: v.pipe(
      v.optional(v.picklist(RUNTIMES.map(({ identifier }) => identifier))),
      v.description("Lambda's identifier of the Python runtime."),
    ),
    architecture: v.pipe(
      v.optional(v.picklist(ARCHITECTURES)),
      v.description(
        'The processor architecture that the function runs on; "x86_64" when left out, as for Lambda.',
      ),
    ),
    source: v.pipe(
      v.optional(v.picklist(SOURCE_NAMES)),
      v.description(
        'What invokes the function: "api" is an API Gateway REST API, "http" an HTTP API; only these two can be served locally.',
      ),
    ),
    layers: v.pipe(
      v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.minLength(1))),
          v.minLength(1),
          v.maxLength(MOST_LAYERS),
        ),
      ),
      v.description(
        'The layers of the workspace that the function uses, by project name, in the order in which Lambda lays them over each other, for instance ["analytics-layer"]. What they hold is left out of the zip.',
      ),
    ),
    layer: v.pipe(
      v.optional(v.boolean()),
      v.description(
        'True for a project that is a Lambda layer: its dependencies are packed for the services that name it in "layers". A layer has no handler.',
      ),
    ),
    ...artifactOptionsShape,
    ...auditIgnoreShape,
    tags: v.pipe(
      v.optional(v.array(v.pipe(v.string(), v.minLength(1)))),
      v.description('The project\'s Nx tags, for instance ["scope:orders"].'),
    ),
    'pip-tools': v.pipe(
      v.optional(v.boolean()),
      v.description(
        'In the pyproject.toml of the workspace\'s root: whether "nx sync" keeps a requirements.in of each member, and requirements-dev.in, in step with the locked requirements, for pip-compile and pip-sync; false when left out.',
      ),
    ),
  }),
  v.title('[tool.lambda-py] of a pyproject.toml'),
  v.description('What lambda-py knows of a Python project.'),
);

/** What `[tool.lambda-py]` says of any artifact, checked and with its defaults. */
export interface ArtifactConfiguration {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  readonly artifact: ArtifactOptions;
}

/** A service's `[tool.lambda-py]`, checked and with its defaults. */
export interface ServiceConfiguration extends ArtifactConfiguration {
  readonly handler: string;
  /** What invokes it, where the table says so. */
  readonly source?: SourceName;
  /** PEP 503 names of the layers, in the order of the table. */
  readonly layers: readonly string[];
}

/** `[tool.lambda-py]`, checked and with its defaults. */
export interface LambdaPyTable {
  readonly tags: readonly string[];
  /** True where a workspace's root asks for a requirements.in of each member. */
  readonly usesPipTools?: true;
  /** What an audit passes over; none where the table does not say. */
  readonly auditIgnore?: readonly AuditIgnore[];
  /** Only a service has one. */
  readonly service?: ServiceConfiguration;
  /** Only a layer has one. */
  readonly layer?: ArtifactConfiguration;
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
  requireTable(table, file);
  const parsed = v.safeParse(lambdaPyTableSchema, table);
  if (!parsed.success) throw errorOfIssue(parsed.issues[0], table, file);
  requireInnerTables(table, file);
  const { handler, runtime, architecture, tags = [], ...rest } = parsed.output;
  const { layer: isLayer = false, layers = [], source, ...others } = rest;
  const { 'pip-tools': usesPipTools = false, ...options } = others;
  requirePipToolsAtRoot(parsed.output, file);
  const common = {
    tags,
    ...(usesPipTools ? { usesPipTools } : {}),
    ...(rest['audit-ignore'] === undefined
      ? {}
      : { auditIgnore: auditIgnoreOf(rest) }),
  };
  if (handler === undefined && !isLayer) {
    const alone = Object.keys(EXPECTED).find(
      (key) =>
        !['tags', 'layer', 'pip-tools', 'audit-ignore'].includes(key) &&
        Object.hasOwn(parsed.output, key),
    );
    if (alone === undefined) return common;
    throw missingKey(
      'handler',
      file,
      `"${alone}" describes a service, which has a handler, or a layer, which says layer = true`,
    );
  }
  const known = runtime === undefined ? undefined : findRuntime(runtime);
  if (known === undefined) throw missingKey('runtime', file);
  const artifact = artifactOptionsOf(options);
  requireBotocore(artifact, file);
  const configuration = {
    runtime: known,
    architecture: architecture ?? 'x86_64',
    artifact,
  };
  if (isLayer) {
    requireNoServiceKey(parsed.output, file);
    return { ...common, layer: configuration };
  }
  return {
    ...common,
    service: {
      // A table without one has been refused above.
      handler: handler ?? '',
      ...configuration,
      ...(source === undefined ? {} : { source }),
      layers: distinctLayers(layers, file),
    },
  };
}

/** A layer is code for other functions: none of its own runs. */
function requireNoServiceKey(
  table: v.InferOutput<typeof lambdaPyTableSchema>,
  file: string,
): void {
  const key = (['handler', 'source', 'layers'] as const).find((one) =>
    Object.hasOwn(table, one),
  );
  if (key === undefined) {
    requireNoInitBudget(table, file);
    return;
  }
  throw new LambdaPyError({
    file,
    location: `[tool.lambda-py] ${key}`,
    problem: 'a layer does not take the key',
    found: shown(table[key]),
    mend: `remove "${key}", or "layer = true"`,
  });
}

/** A layer is not initialised: the functions that use it are. */
function requireNoInitBudget(
  { budgets }: v.InferOutput<typeof lambdaPyTableSchema>,
  file: string,
): void {
  if (budgets?.init === undefined) return;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py] budgets.init',
    problem: 'a layer does not take the key',
    found: shown(budgets.init),
    mend: 'set it in the services that use the layer',
  });
}

/** One lock file, one toolchain, one form of requirements for all. */
function requirePipToolsAtRoot(
  table: v.InferOutput<typeof lambdaPyTableSchema>,
  file: string,
): void {
  if (table['pip-tools'] === undefined || file === 'pyproject.toml') return;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py] pip-tools',
    problem: 'the key is one of the workspace, not of a project',
    found: shown(table['pip-tools']),
    expected: 'the key in the pyproject.toml of the root',
    mend: `move "pip-tools" from ${file} to pyproject.toml`,
  });
}

function distinctLayers(layers: readonly string[], file: string): string[] {
  const names = layers.map(normaliseProjectName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py] layers',
    problem: `the layer ${twice} is named twice`,
    found: shown(layers),
    mend: `edit ${file}`,
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
