import type * as yamlLibrary from 'yaml';
import type { ScalarTag, Tags } from 'yaml';

/** What references in a template stand for. */
export interface Parameters {
  /** What `AWS::Region` stands for. */
  readonly region: string;
  /** The defaults of the template's parameters; `undefined` for one that has none. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A value of a template, as far as it can be known without AWS. */
export interface Resolution {
  /** Missing where only AWS knows it. */
  readonly text?: string;
  /** What the template says, for people. */
  readonly source: string;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

// What each short form `!Name` is long for.
const LONG_FORMS: readonly (readonly [string, string])[] = [
  ['Ref', 'Ref'],
  ['Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [name, `Fn::${name}`] as const),
];

// Made up, as the account of the function's ARN is.
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * Parses a CloudFormation template; short forms of functions become their long ones.
 *
 * @param text - YAML or JSON
 * @returns plain values: `!Ref Table` is `{ Ref: 'Table' }`
 * @throws when it is no YAML
 */
export function parseCloudFormation(text: string): unknown {
  return yaml().parse(text, { customTags, logLevel: 'error' });
}

/** Loaded when it is used: an invocation need not wait for it where its template is known. */
function yaml(): typeof yamlLibrary {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be asynchronous
  return require('yaml') as typeof yamlLibrary;
}

function customTags(tags: Tags): Tags {
  return [
    ...tags,
    ...LONG_FORMS.flatMap(([name, longForm]) => [
      {
        tag: `!${name}`,
        resolve: (value: string) => ({
          [longForm]: longForm === 'Fn::GetAtt' ? value.split('.') : value,
        }),
      } satisfies ScalarTag,
      ...(['seq', 'map'] as const).map((collection) => ({
        tag: `!${name}`,
        collection,
        resolve: (node: { toJSON(): unknown }) => ({
          [longForm]: node.toJSON(),
        }),
      })),
    ]),
  ] as Tags;
}

/**
 * Resolves a value of a template: a literal, a reference to a parameter that has a default, or a text of such references.
 *
 * @param value - from {@link parseCloudFormation}
 * @param parameters - see {@link Parameters}
 * @returns the value; without a text where it depends on what only AWS knows
 */
export function resolveIntrinsic(
  value: unknown,
  parameters: Parameters,
): Resolution {
  if (['string', 'number', 'boolean'].includes(typeof value)) {
    return { text: String(value), source: String(value) };
  }
  const source = describe(value);
  const [key, operand] = onlyEntry(value) ?? [];
  const text =
    key === 'Ref' && typeof operand === 'string'
      ? reference(operand, parameters)
      : key === 'Fn::Sub' && typeof operand === 'string'
        ? substitute(operand, parameters)
        : undefined;
  return text === undefined ? { source } : { text, source };
}

function reference(
  name: string,
  { region, values }: Parameters,
): string | undefined {
  if (name === 'AWS::Region') return region;
  const value = PSEUDO_PARAMETERS[name] ?? values[name];
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? String(value)
    : undefined;
}

function substitute(text: string, parameters: Parameters): string | undefined {
  const unknown: string[] = [];
  const resolved = text.replace(
    /\$\{(!?)([^}]+)\}/g,
    (_, literal: string, name: string) => {
      // ${!Literal} is how a template writes ${Literal}.
      if (literal !== '') return `\${${name}}`;
      const value = reference(name.trim(), parameters);
      if (value === undefined) unknown.push(name);
      return value ?? '';
    },
  );
  return unknown.length === 0 ? resolved : undefined;
}

function onlyEntry(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [entry, ...others] = Object.entries(value);
  return others.length === 0 ? entry : undefined;
}

/** In the short form, as people write it. */
function describe(value: unknown): string {
  const [key, operand] = onlyEntry(value) ?? [];
  if (key === undefined || !/^(?:Ref|Condition|Fn::\w+)$/.test(key)) {
    return JSON.stringify(value);
  }
  const short = key.replace('Fn::', '');
  if (short === 'GetAtt' && Array.isArray(operand)) {
    return `!GetAtt ${operand.join('.')}`;
  }
  return typeof operand === 'string'
    ? `!${short} ${operand}`
    : `!${short} ${yaml().stringify(operand, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`;
}
