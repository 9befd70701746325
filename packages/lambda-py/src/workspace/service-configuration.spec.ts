import { failureOf } from '../testing/errors';
import { parsePyproject } from './pyproject';
import { parseLambdaPyTable } from './service-configuration';

const FILE = 'services/orders/pyproject.toml';

function parseTable(...lines: readonly string[]) {
  const text = ['[tool.lambda-py]', ...lines].join('\n');
  return parseLambdaPyTable(parsePyproject(text, FILE).lambdaPy, FILE);
}

const HANDLER = 'handler = "orders.handler.handler"';
const RUNTIME = 'runtime = "python3.13"';

describe('parseLambdaPyTable', () => {
  it('describes a service', () => {
    expect(
      parseTable(HANDLER, RUNTIME, 'architecture = "arm64"', 'tags = ["a:b"]'),
    ).toEqual({
      tags: ['a:b'],
      service: {
        handler: 'orders.handler.handler',
        layers: [],
        architecture: 'arm64',
        artifact: {
          bytecode: true,
          provided: [],
          include: [],
          exclude: [],
          strip: [],
          budgets: {},
        },
        runtime: expect.objectContaining({
          identifier: 'python3.13',
          pythonVersion: '3.13',
        }) as unknown,
      },
    });
  });

  it('describes a layer', () => {
    const { service, layer } = parseTable(
      'layer = true',
      RUNTIME,
      'strip = ["tests"]',
    );
    expect(service).toBeUndefined();
    expect(layer).toMatchObject({
      runtime: { identifier: 'python3.13' },
      architecture: 'x86_64',
      artifact: { strip: ['tests'] },
    });
    expect(parseTable('layer = false')).toEqual({ tags: [] });
  });

  it('tells the source, and how long an initialisation may take', () => {
    const { service } = parseTable(
      HANDLER,
      RUNTIME,
      'source = "http"',
      'budgets = { init = "1.5 s" }',
    );
    expect(service?.source).toBe('http');
    expect(service?.artifact.budgets).toEqual({ init: 1500 });
    expect(
      parseTable(HANDLER, RUNTIME, 'budgets = { init = "800ms" }').service
        ?.artifact.budgets,
    ).toEqual({ init: 800 });
  });

  it.each([
    ['source = "https"', /source: .*\n.*"https"\n.*"api", "http", "sqs"/],
    ['budgets = { init = "800" }', /budgets: [^]*units are .* ms, s/],
    ['budgets = { init = 800 }', /budgets: /],
    [
      'budgets = []',
      /budgets: .*\n.*\[\]\n.*expected: a table with the keys zip/,
    ],
    ['[[tool.lambda-py.budgets]]', /budgets: .*\n.*\[\{\}\]\n/],
  ])('refuses %s', (line, message) => {
    expect(failureOf(() => parseTable(HANDLER, RUNTIME, line))).toMatch(
      message,
    );
  });

  it.each([
    ['source = "api"', /source: a layer does not take the key/],
    ['budgets = { init = "1 s" }', /budgets\.init: a layer does not/],
  ])('refuses %s of a layer', (line, message) => {
    expect(failureOf(() => parseTable('layer = true', RUNTIME, line))).toMatch(
      message,
    );
  });

  it('names the layers of a service as PEP 503 does, in their order', () => {
    expect(
      parseTable(HANDLER, RUNTIME, 'layers = ["Kit_Layer", "a"]').service
        ?.layers,
    ).toEqual(['kit-layer', 'a']);
  });

  it.each([
    [['layer = true'], 'runtime: the key is missing'],
    [
      ['layer = true', HANDLER, RUNTIME],
      'handler: a layer does not take the key',
    ],
    [
      ['layer = true', RUNTIME, 'layers = ["a"]'],
      'layers: a layer does not take the key',
    ],
    [
      [HANDLER, RUNTIME, 'layers = ["a-b", "A_b"]'],
      'layers: the layer a-b is named twice',
    ],
    [[RUNTIME, 'layers = ["a"]'], 'handler: the key is missing'],
  ])('refuses %j', (lines, problem) => {
    expect(failureOf(() => parseTable(...lines))).toContain(
      `[tool.lambda-py] ${problem}`,
    );
  });

  it('takes five layers, as Lambda does', () => {
    const layers = (count: number): string =>
      `layers = ${JSON.stringify(Array.from({ length: count }, (_, index) => `l${index}`))}`;
    expect(
      parseTable(HANDLER, RUNTIME, layers(5)).service?.layers,
    ).toHaveLength(5);
    expect(failureOf(() => parseTable(HANDLER, RUNTIME, layers(6)))).toContain(
      'an array of one to five names',
    );
  });

  it('takes Lambda’s own default for the architecture', () => {
    expect(parseTable(HANDLER, RUNTIME).service?.architecture).toBe('x86_64');
  });

  it('describes what goes into the artifact', () => {
    expect(
      parseTable(
        HANDLER,
        RUNTIME,
        'bytecode = false',
        'provided = ["Boto_3"]',
        'include = ["config/*.json"]',
        'exclude = ["pandas/tests/**", "a..b"]',
        'strip = ["tests", "stubs"]',
        'botocore-services = ["s3"]',
        'budgets = { zip = "1.5 MB", unzipped = "2MiB" }',
      ).service?.artifact,
    ).toEqual({
      bytecode: false,
      provided: ['boto-3'],
      include: ['config/*.json'],
      exclude: ['pandas/tests/**', 'a..b'],
      strip: ['tests', 'stubs'],
      botocoreServices: ['s3'],
      budgets: { zip: 1_500_000, unzipped: 2_097_152 },
    });
  });

  it.each([
    ['bytecode', '"yes"'],
    ['provided', '"boto3"'],
    ...['../a', '/a', '!a', 'a/../b', ''].map((glob) => [
      'include',
      JSON.stringify([glob]),
    ]),
    ['exclude', '[1]'],
    ['strip', '["everything"]'],
    ['botocore-services', '[""]'],
    ['budgets', '{ zip = 10 }'],
    ['budgets', '{ zip = "10" }'],
    ['budgets', '{ zip = "10 Mb" }'],
    ['budgets', '{ rar = "10 MB" }'],
  ])('refuses %s = %s', (key = '', value = '') => {
    expect(
      failureOf(() => parseTable(HANDLER, RUNTIME, `${key} = ${value}`)),
    ).toContain(
      `[tool.lambda-py] ${key}: the value is not one that the key takes`,
    );
  });

  it('refuses pairs that contradict each other', () => {
    expect(
      failureOf(() =>
        parseTable(
          HANDLER,
          RUNTIME,
          'provided = ["botocore"]',
          'botocore-services = ["s3"]',
        ),
      ),
    ).toContain('botocore-services: the key has no effect');
    expect(failureOf(() => parseTable('bytecode = false'))).toContain(
      '"bytecode" describes a service, which has a handler, or a layer, which says layer = true',
    );
  });

  it('knows whether the workspace uses pip-tools, of its root alone', () => {
    const of = (file: string) =>
      parseLambdaPyTable({ 'pip-tools': true, tags: ['a'] }, file);
    expect(of('pyproject.toml')).toEqual({ tags: ['a'], usesPipTools: true });
    expect(
      parseLambdaPyTable({ 'pip-tools': false }, 'pyproject.toml'),
    ).toEqual({ tags: [] });
    expect(failureOf(() => of('libs/a/pyproject.toml'))).toBe(
      [
        'libs/a/pyproject.toml: [tool.lambda-py] pip-tools: the key is one of the workspace, not of a project',
        '  found:    true',
        '  expected: the key in the pyproject.toml of the root',
        '  mend:     move "pip-tools" from libs/a/pyproject.toml to pyproject.toml',
      ].join('\n'),
    );
  });

  it.each([[[]], [['tags = ["a"]']]])('describes a library: %j', (lines) => {
    expect(parseTable(...lines).service).toBeUndefined();
  });

  it.each([
    [
      'an unknown key',
      [HANDLER, RUNTIME, 'memory = 128'],
      '[tool.lambda-py]: unknown key',
      'memory',
      'the keys handler, runtime, architecture, source, layers, layer, bytecode, provided, include, exclude, strip, botocore-services, budgets, audit-ignore, tags, pip-tools',
    ],
    [
      'a handler of the wrong type',
      ['handler = ["a.b"]', RUNTIME],
      '[tool.lambda-py] handler: the value is not one that the key takes',
      '["a.b"]',
      'a string such as "orders.handler.handler"',
    ],
    ...['handler', 'orders/handler.handler', 'a..b', '.a.b', 'a.b ', '1.a'].map(
      (handler): [string, string[], string, string, string] => [
        `the handler ${JSON.stringify(handler)}`,
        [`handler = "${handler}"`, RUNTIME],
        '[tool.lambda-py] handler: the value is not one that the key takes',
        JSON.stringify(handler),
        'a string such as "orders.handler.handler"',
      ],
    ),
    [
      'an unknown runtime',
      [HANDLER, 'runtime = "python3.9"'],
      '[tool.lambda-py] runtime: the value is not one that the key takes',
      '"python3.9"',
      'one of "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"',
    ],
    [
      'a runtime that is a 64-bit integer',
      [HANDLER, 'runtime = 9007199254740993'],
      '[tool.lambda-py] runtime: the value is not one that the key takes',
      '"9007199254740993"',
      'one of "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"',
    ],
    [
      'an unknown architecture',
      [HANDLER, RUNTIME, 'architecture = "amd64"'],
      '[tool.lambda-py] architecture: the value is not one that the key takes',
      '"amd64"',
      'one of "x86_64", "arm64"',
    ],
    [
      'tags of the wrong type',
      ['tags = "a,b"'],
      '[tool.lambda-py] tags: the value is not one that the key takes',
      '"a,b"',
      'an array of strings',
    ],
    [
      'a tag of the wrong type',
      ['tags = ["a", 1]'],
      '[tool.lambda-py] tags: the value is not one that the key takes',
      '["a",1]',
      'an array of strings',
    ],
    [
      'a runtime without a handler',
      [RUNTIME],
      '[tool.lambda-py] handler: the key is missing',
      '"runtime" describes a service, which has a handler, or a layer, which says layer = true',
      'a string such as "orders.handler.handler"',
    ],
    [
      'an architecture without a handler',
      ['architecture = "arm64"'],
      '[tool.lambda-py] handler: the key is missing',
      '"architecture" describes a service, which has a handler, or a layer, which says layer = true',
      'a string such as "orders.handler.handler"',
    ],
  ])('refuses %s', (_, lines, problem, found, expected) => {
    expect(failureOf(() => parseTable(...lines))).toBe(
      [
        `${FILE}: ${problem}`,
        `  found:    ${found}`,
        `  expected: ${expected}`,
        `  mend:     edit ${FILE}`,
      ].join('\n'),
    );
  });

  it('refuses a handler without a runtime', () => {
    expect(failureOf(() => parseTable(HANDLER))).toContain(
      `${FILE}: [tool.lambda-py] runtime: the key is missing\n  expected: one of "python3.10"`,
    );
  });

  it.each(['a string', 1, [], 12n])(
    'refuses %p, which is no table',
    (table) => {
      expect(failureOf(() => parseLambdaPyTable(table, FILE))).toContain(
        `${FILE}: [tool.lambda-py]: not a table`,
      );
    },
  );
});
