import { failureOf } from '../testing/errors';
import { lockText } from '../testing/lock-files';
import { summariseDirectRequirements } from './direct-requirements';
import { parseLockFile } from './lock-file';

const KIT = {
  name: 'kit',
  source: '{ editable = "libs/kit" }',
  lines: [
    'dependencies = [{ name = "tenacity" }]',
    '[package.optional-dependencies]',
    'http = [{ name = "httpx", extra = ["http2"] }]',
    '[package.metadata]',
    'requires-dist = [',
    `  { name = "certifi", marker = "(python_full_version < '3.12' or sys_platform == 'linux') and extra == 'http'" },`,
    `  { name = "httpx", extras = ["http2"], marker = "extra == 'http'", specifier = ">=0.27,!=0.27.1" },`,
    `  { name = "idna", marker = "python_full_version < '3.12' or sys_platform == 'win32'", specifier = ">=3" },`,
    '  { name = "tenacity", specifier = ">=8,<10" },',
    ']',
    '[package.metadata.requires-dev]',
    'dev = [{ name = "pytest", specifier = ">=8" }]',
    'docs = [{ name = "sphinx" }]',
  ],
};

function service(...requiresDist: readonly string[]) {
  return {
    name: 'orders',
    source: '{ editable = "services/orders" }',
    lines: [
      '[package.metadata]',
      `requires-dist = [${requiresDist.join(', ')}]`,
    ],
  };
}

function summaryOf(
  packages: Parameters<typeof lockText>[0],
  manifest: readonly string[] = [],
) {
  const names = packages.map(({ name }) => `"${name}"`).join(', ');
  return summariseDirectRequirements(
    parseLockFile(lockText(packages, [`members = [${names}]`, ...manifest])),
  );
}

/** What the service asks for, without who says so. */
function textsOf(...requiresDist: readonly string[]): readonly string[] {
  const { members } = summaryOf([service(...requiresDist), KIT]);
  const orders = members.find(({ name }) => name === 'orders');
  return orders?.requirements.map(({ text }) => text) ?? [];
}

describe('summariseDirectRequirements', () => {
  it('keeps the requirements as they are declared, sorted', () => {
    expect(
      textsOf(
        '{ name = "six", marker = "python_full_version >= \'3.12\'", specifier = ">=1.17" }',
        '{ name = "six", marker = "python_full_version < \'3.12\'", specifier = "==1.16.0" }',
        '{ name = "boto3", extras = ["crt", "s3"], specifier = ">=1.44" }',
        '{ name = "pydantic" }',
      ),
    ).toEqual([
      'boto3[crt,s3]>=1.44',
      'pydantic',
      "six==1.16.0 ; python_full_version < '3.12'",
      "six>=1.17 ; python_full_version >= '3.12'",
    ]);
  });

  it('puts what a local library asks for in its place, with the extras that are asked for', () => {
    const own = [
      "idna>=3 ; python_full_version < '3.12' or sys_platform == 'win32'",
      'tenacity>=8,<10',
    ];
    expect(textsOf('{ name = "kit", editable = "libs/kit" }')).toEqual(own);
    expect(
      textsOf('{ name = "kit", extras = ["http"], editable = "libs/kit" }'),
    ).toEqual([
      "certifi ; python_full_version < '3.12' or sys_platform == 'linux'",
      'httpx[http2]>=0.27,!=0.27.1',
      ...own,
    ]);
  });

  it('joins the markers on the way to a local library, where it is not asked for anyway', () => {
    const conditional = `{ name = "kit", extras = ["http"], marker = "sys_platform != 'win32'", editable = "libs/kit" }`;
    expect(textsOf(conditional)).toEqual([
      "certifi ; (python_full_version < '3.12' or sys_platform == 'linux') and sys_platform != 'win32'",
      "httpx[http2]>=0.27,!=0.27.1 ; sys_platform != 'win32'",
      "idna>=3 ; (python_full_version < '3.12' or sys_platform == 'win32') and sys_platform != 'win32'",
      "tenacity>=8,<10 ; sys_platform != 'win32'",
    ]);
    expect(
      textsOf(conditional, '{ name = "kit", editable = "libs/kit" }'),
    ).toContain('tenacity>=8,<10');
  });

  it('names the members that declare a requirement', () => {
    const { members } = summaryOf([
      service(
        '{ name = "tenacity", specifier = ">=8,<10" }',
        '{ name = "Kit", editable = "libs/kit" }',
      ),
      KIT,
    ]);
    expect(members[0]?.requirements.at(-1)).toEqual({
      text: 'tenacity>=8,<10',
      declaredBy: ['kit', 'orders'],
    });
  });

  it('knows the extras of a library, and the groups of the toolchain', () => {
    const { members, toolchain, requiresPython } = summaryOf(
      [service(), KIT],
      [
        '[manifest.dependency-groups]',
        'dev = [{ name = "ruff", specifier = ">=0.17" }, { name = "kit", extras = ["http"], editable = "libs/kit" }]',
        'docs = [{ name = "furo" }]',
      ],
    );
    expect(members.map(({ withExtras }) => withExtras?.length)).toEqual([
      undefined,
      4,
    ]);
    expect(toolchain).toContainEqual({ text: 'ruff>=0.17', declaredBy: [] });
    expect(toolchain).toContainEqual({
      text: 'pytest>=8',
      declaredBy: ['kit'],
    });
    expect(toolchain).toContainEqual({
      text: 'httpx[http2]>=0.27,!=0.27.1',
      declaredBy: ['kit'],
    });
    expect(toolchain.map(({ text }) => text).join()).not.toMatch(/sphinx|furo/);
    expect(requiresPython).toBe('>=3.11');
  });

  it('comes to an end where libraries ask for each other, under conditions too', () => {
    const one = (name: string, other: string) => ({
      name,
      source: `{ editable = "libs/${name}" }`,
      lines: [
        '[package.metadata]',
        `requires-dist = [{ name = "${other}", marker = "os_name == '${name}'", editable = "libs/${other}" }, { name = "of-${name}" }]`,
      ],
    });
    const { members } = summaryOf([one('a', 'b'), one('b', 'a')]);
    expect(members[0]?.requirements.map(({ text }) => text)).toEqual([
      'of-a',
      "of-b ; os_name == 'a'",
    ]);
  });

  it.each([
    [
      '{ name = "x", git = "https://git.example/x?rev=abc&subdirectory=py" }',
      'x @ git+https://git.example/x@abc#subdirectory=py',
    ],
    [
      '{ name = "x", extras = ["y"], git = "https://git.example/x.git" }',
      'x[y] @ git+https://git.example/x.git',
    ],
    [
      '{ name = "x", url = "https://index.example/x-1.whl" }',
      'x @ https://index.example/x-1.whl',
    ],
    [
      '{ name = "x", specifier = ">=1", index = "https://index.example/simple" }',
      'x>=1',
    ],
  ])('writes %s as pip has it', (declared, text) => {
    expect(textsOf(declared)).toEqual([text]);
  });

  it.each([
    ['{ name = "x", path = "wheels/x.whl" }', 'path = "wheels/x.whl"'],
    ['{ name = "x", directory = "../x" }', 'directory = "../x"'],
    [
      `{ name = "x", marker = "extra == 'a' or extra == 'b'" }`,
      `marker = "extra == 'a' or extra == 'b'"`,
    ],
  ])('refuses %s', (declared, found) => {
    expect(failureOf(() => textsOf(declared))).toBe(
      [
        'uv.lock: requirement x: the requirement cannot be written into a requirements.in',
        `  found:    ${found}`,
        '  expected: a distribution of an index, a git repository or a URL',
        '  mend:     make it a member of the workspace, or remove "pip-tools" from [tool.lambda-py] in pyproject.toml',
      ].join('\n'),
    );
  });

  it('refuses a lock file that does not say what a project asks for', () => {
    expect(
      failureOf(() =>
        summaryOf([
          {
            name: 'orders',
            source: '{ editable = "services/orders" }',
            lines: ['dependencies = [{ name = "boto3" }]'],
          },
        ]),
      ),
    ).toContain('mend:     uv lock');
  });
});
