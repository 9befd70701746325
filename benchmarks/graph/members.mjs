import { pick, seededRandom } from './random.mjs';

/** What services and libraries take from PyPI: pure ones, compiled ones with many wheels, some with extras. */
const THIRD_PARTY = [
  'aws-lambda-powertools[parser,validation]',
  'boto3',
  'httpx',
  'jinja2',
  'orjson',
  'pydantic',
  'pyjwt',
  'python-dateutil',
  'requests',
  'structlog',
];

/**
 * Plans the members of a workspace: one fifth libraries, the others services that each need two to five of them.
 *
 * A library needs up to two of the libraries before it, so that closures are deeper than one step.
 *
 * @param {number} count
 * @returns {{ name: string; packageName: string; root: string; isService: boolean; local: string[]; thirdParty: string[] }[]}
 */
export function planMembers(count) {
  const random = seededRandom(count);
  const libraryCount = Math.max(1, Math.round(count / 5));
  const libraries = [];
  const members = [];
  for (let index = 0; index < count; index += 1) {
    const isService = index >= libraryCount;
    const number = String(isService ? index - libraryCount : index).padStart(
      4,
      '0',
    );
    const name = `${isService ? 'service' : 'library'}-${number}`;
    members.push({
      name,
      packageName: name.replace('-', '_'),
      root: `${isService ? 'services' : 'libs'}/${name}`,
      isService,
      local: isService
        ? pick(random, libraries, 2, 5)
        : pick(random, libraries, 0, 2),
      thirdParty: isService
        ? pick(random, THIRD_PARTY, 1, 4)
        : pick(random, THIRD_PARTY, 0, 2),
    });
    if (!isService) libraries.push(name);
  }
  return members;
}

/**
 * The files of a member: its pyproject.toml, as the generators write one, and three Python files.
 *
 * @param {ReturnType<typeof planMembers>[number]} member
 * @returns {Record<string, string>} by path relative to the workspace root
 */
export function filesOf(member) {
  const { name, packageName, root, isService, local } = member;
  const imports = local.map((library) => library.replace('-', '_'));
  return {
    [`${root}/pyproject.toml`]: pyprojectOf(member),
    [`${root}/src/${packageName}/__init__.py`]: `"""The ${name} package."""\n`,
    [`${root}/src/${packageName}/${isService ? 'handler' : 'core'}.py`]: [
      `"""What ${name} does."""`,
      '',
      ...imports.map((library) => `from ${library} import core as ${library}`),
      '',
      '',
      'def handler(event: dict[str, object], context: object) -> dict[str, object]:',
      '    """Answers an event."""',
      `    return {"statusCode": 200, "name": "${name}", "event": event}`,
      '',
    ].join('\n'),
    [`${root}/tests/test_${packageName}.py`]: [
      `from ${packageName} import ${isService ? 'handler' : 'core'} as subject`,
      '',
      '',
      'def test_answers() -> None:',
      '    assert subject.handler({}, None)["statusCode"] == 200',
      '',
    ].join('\n'),
  };
}

function pyprojectOf({ name, packageName, isService, local, thirdParty }) {
  return [
    '[project]',
    `name = "${name}"`,
    'version = "0.1.0"',
    `description = "The ${isService ? 'service' : 'library'} ${name}"`,
    'requires-python = ">=3.11"',
    'dependencies = [',
    ...[...local, ...thirdParty].map((dependency) => `  "${dependency}",`),
    ']',
    '',
    '[build-system]',
    'requires = ["uv_build>=0.11,<1"]',
    'build-backend = "uv_build"',
    '',
    ...(local.length === 0
      ? []
      : [
          '[tool.uv.sources]',
          ...local.map((library) => `${library} = { workspace = true }`),
          '',
        ]),
    '[tool.lambda-py]',
    ...(isService
      ? [
          `handler = "${packageName}.handler.handler"`,
          'runtime = "python3.12"',
          'architecture = "arm64"',
        ]
      : []),
    `tags = ["type:${isService ? 'service' : 'library'}"]`,
    '',
    '[tool.pytest.ini_options]',
    'minversion = "9.0"',
    'addopts = ["-ra", "--import-mode=importlib", "--strict-config", "--strict-markers"]',
    'testpaths = ["tests"]',
    'filterwarnings = ["error"]',
    'xfail_strict = true',
    '',
    '[tool.coverage.run]',
    'branch = true',
    'relative_files = true',
    `source_pkgs = ["${packageName}"]`,
    '',
    '[tool.coverage.report]',
    'show_missing = true',
    'exclude_also = ["if TYPE_CHECKING:"]',
    '',
  ].join('\n');
}
