import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v } from '../workspace/validation';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError, messageOf } from '../workspace/errors';
import {
  INFRASTRUCTURE_FOLDER,
  SAM_TEMPLATES,
} from '../workspace/infrastructure';
import { parseCloudFormation, resolveIntrinsic } from './cloudformation';
import type { Parameters } from './cloudformation';

/** What a template says of a function, as far as it can be known without AWS. */
export interface TemplateFunction {
  /** The template, relative to the workspace root. */
  readonly file: string;
  /** In seconds. */
  readonly timeoutSeconds: number;
  /** In MB. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The variables whose values only AWS knows, with what the template says: `!Ref Table`. */
  readonly unresolved: Readonly<Record<string, string>>;
}

/** How the function is told among others in its template. */
export interface FunctionIdentity {
  readonly projectName: string;
  /** The service's folder, relative to the workspace root. */
  readonly projectRoot: string;
  readonly handler: string;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html
const LAMBDA_TIMEOUT_SECONDS = 3;
const LAMBDA_MEMORY_MB = 128;

// Of what is kept of a template; another one where parsing changes.
const KEPT_FORMAT = 1;

const SERVERLESS_FUNCTION = 'AWS::Serverless::Function';
const LAMBDA_FUNCTION = 'AWS::Lambda::Function';

const configuration = v.object({
  Timeout: v.optional(v.unknown()),
  MemorySize: v.optional(v.unknown()),
  Handler: v.optional(v.unknown()),
  CodeUri: v.optional(v.unknown()),
  Environment: v.optional(
    v.object({ Variables: v.optional(v.record(v.string(), v.unknown())) }),
  ),
});
const template = v.object({
  Globals: v.optional(v.object({ Function: v.optional(configuration) })),
  Parameters: v.optional(
    v.record(v.string(), v.object({ Default: v.optional(v.unknown()) })),
  ),
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.unknown()) }),
  ),
});

type Configuration = v.InferOutput<typeof configuration>;

/**
 * Reads the function's configuration from the service's SAM template.
 *
 * @param workspaceRoot - absolute path
 * @param identity - which function it is
 * @param region - what `AWS::Region` stands for
 * @returns what the template says; `undefined` where there is no template, or none of its functions is told as this one
 * @throws {@link LambdaPyError} when the template cannot be read
 */
export function readTemplateFunction(
  workspaceRoot: string,
  identity: FunctionIdentity,
  region: string,
): TemplateFunction | undefined {
  const file = SAM_TEMPLATES.map((name) =>
    join(identity.projectRoot, INFRASTRUCTURE_FOLDER, name),
  ).find((path) => existsSync(join(workspaceRoot, path)));
  if (file === undefined) return undefined;
  const parsed = parseTemplate(workspaceRoot, file, identity.projectName);
  const found = findFunction(parsed, identity);
  if (found === undefined) return undefined;
  const parameters: Parameters = {
    region,
    values: Object.fromEntries(
      Object.entries(parsed.Parameters ?? {}).map(([name, { Default }]) => [
        name,
        Default,
      ]),
    ),
  };
  // SAM adds the globals to functions of its own alone.
  const globals = found.isServerless ? parsed.Globals?.Function : undefined;
  const { properties } = found;
  return {
    file,
    timeoutSeconds:
      numberOf(properties.Timeout ?? globals?.Timeout, parameters) ??
      LAMBDA_TIMEOUT_SECONDS,
    memoryMb:
      numberOf(properties.MemorySize ?? globals?.MemorySize, parameters) ??
      LAMBDA_MEMORY_MB,
    ...variablesOf(
      {
        ...globals?.Environment?.Variables,
        ...properties.Environment?.Variables,
      },
      parameters,
    ),
  };
}

function parseTemplate(
  workspaceRoot: string,
  file: string,
  projectName: string,
): v.InferOutput<typeof template> {
  const refuse = (
    found: string,
    location?: string | null,
    cause?: unknown,
  ): LambdaPyError =>
    new LambdaPyError(
      {
        file,
        location: location ?? '',
        problem: 'the template cannot be read',
        found,
        mend: `correct it: nx run ${projectName}:validate tells more`,
      },
      { cause },
    );
  let content: unknown;
  try {
    const text = readFileSync(join(workspaceRoot, file), 'utf8');
    content = parseOnce(workspaceRoot, projectName, text);
  } catch (error) {
    throw refuse(messageOf(error), undefined, error);
  }
  const result = v.safeParse(template, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refuse(issue.message, v.getDotPath(issue));
}

/** What was parsed is kept: to load and to run a parser of YAML takes longer than all else before the start. */
function parseOnce(
  workspaceRoot: string,
  projectName: string,
  text: string,
): unknown {
  const digest = createHash('sha256')
    .update(`${KEPT_FORMAT} ${text}`)
    .digest('hex');
  const file = join(
    makeCacheFolder(workspaceRoot, 'templates'),
    `${projectName}.json`,
  );
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly digest: string;
      readonly parsed: unknown;
    };
    if (kept.digest === digest) return kept.parsed;
  } catch {
    // There is none, or a damaged one.
  }
  const parsed = parseCloudFormation(text);
  const building = `${file}.${process.pid}`;
  try {
    writeFileSync(building, JSON.stringify({ digest, parsed }));
    renameSync(building, file);
  } catch {
    // A cache that is full or read-only costs time alone.
  }
  return parsed;
}

interface Found {
  readonly isServerless: boolean;
  readonly properties: Configuration;
}

/** The function of the packed zip, else the one of its handler, else the only one. */
function findFunction(
  { Resources }: v.InferOutput<typeof template>,
  { projectName, handler }: FunctionIdentity,
): Found | undefined {
  const functions = Object.values(Resources).flatMap(
    ({ Type, Properties }): Found[] => {
      if (Type !== SERVERLESS_FUNCTION && Type !== LAMBDA_FUNCTION) return [];
      const parsed = v.safeParse(configuration, Properties ?? {});
      return [
        {
          isServerless: Type === SERVERLESS_FUNCTION,
          properties: parsed.success ? parsed.output : {},
        },
      ];
    },
  );
  return (
    functions.find(
      ({ properties: { CodeUri } }) =>
        typeof CodeUri === 'string' && CodeUri.endsWith(`/${projectName}.zip`),
    ) ??
    functions.find(({ properties: { Handler } }) => Handler === handler) ??
    (functions.length === 1 ? functions[0] : undefined)
  );
}

function numberOf(value: unknown, parameters: Parameters): number | undefined {
  const { text } = resolveIntrinsic(value, parameters);
  const number = Number(text);
  return text === undefined || text.trim() === '' || !Number.isFinite(number)
    ? undefined
    : number;
}

function variablesOf(
  variables: Readonly<Record<string, unknown>>,
  parameters: Parameters,
): Pick<TemplateFunction, 'environment' | 'unresolved'> {
  const environment: Record<string, string> = {};
  const unresolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const { text, source } = resolveIntrinsic(value, parameters);
    if (text === undefined) unresolved[name] = source;
    else environment[name] = text;
  }
  return { environment, unresolved };
}
