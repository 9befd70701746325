import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakePython, fakeUv } from '../../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import type { TemporaryFolder } from '../../testing/temporary-folder';
import validateExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

const SERVICE = [
  '[project]',
  'name = "a"',
  '[tool.lambda-py]',
  'handler = "a.handler.handler"',
  'runtime = "python3.13"',
  'architecture = "arm64"',
  '',
].join('\n');

/** What the fake tools do, by name: shell. Each notes in the file `calls` how it was called. */
type Tools = Readonly<Record<string, string>>;

const CLEAN: Tools = { 'cfn-lint': '', sam: '', python: '' };

/** A workspace with one service, and a uv that installs fakes of the tools. */
function workspace(
  infra: Readonly<Record<string, string>>,
  tools: Tools = CLEAN,
  install = '',
): TemporaryFolder {
  const folder = makeFolder();
  folder.write('services/a/pyproject.toml', SERVICE);
  for (const [file, text] of Object.entries(infra)) {
    folder.write(`services/a/infra/${file}`, text);
  }
  const note = (tool: string): string =>
    `echo "${tool} $*" | sed "s#${folder.path}##g" >> "${folder.path}/calls"`;
  for (const [tool, script] of Object.entries(tools)) {
    folder.script(`tools/${tool}`, note(tool), script);
  }
  const uv = folder.script(
    'fakes/uv',
    ...fakeUv('0.13.9'),
    `echo "uv $1" >> "${folder.path}/calls"`,
    'if [ "$1" = pip ]; then',
    install,
    '  for last; do previous="$target"; target="$last"; done',
    '  while [ "$1" != --python ]; do shift; done',
    `  mkdir -p "$2/bin" && cp "${folder.path}"/tools/* "$2/bin"`,
    'fi',
    'exit 0',
  );
  fakePython(folder, 'bin/python3', { version: '3.12.4' });
  setEnvironment({
    LAMBDA_PY_UV: uv,
    PYENV_ROOT: folder.path,
    PATH: `${join(folder.path, 'bin')}:/usr/bin:/bin`,
  });
  return folder;
}

async function validate(folder: TemporaryFolder) {
  const context = executorContext(folder.path, 'services/a');
  const result = await validateExecutor({}, context);
  const calls = join(folder.path, 'calls');
  return {
    ...result,
    calls: existsSync(calls)
      ? readFileSync(calls, 'utf8').trim().split('\n')
      : [],
  };
}

describe('the executor validate', () => {
  it('refuses a service without infrastructure code', async () => {
    expect(await validate(workspace({}))).toEqual({
      success: false,
      calls: [],
    });
    expect(shown.lines).toEqual([
      'error: services/a/infra: there is no infrastructure code to check\n  expected: template.yaml (SAM), cdk.json (CDK) or *.tf (Terraform)\n  mend:     nx g lambda-py:service a --infra=sam',
    ]);
  });

  it.each([
    ['nothing', CLEAN, true, ''],
    [
      'what cfn-lint finds',
      { ...CLEAN, 'cfn-lint': 'echo E1; exit 2' },
      false,
      'E1\n',
    ],
    [
      'what sam finds, less its noise',
      {
        ...CLEAN,
        sam: `echo 'Feature "x" not available in Feature Toggle Config.' >&2; echo wrong >&2; exit 1`,
      },
      false,
      'wrong\n',
    ],
  ])(
    'checks a SAM template with both tools, and shows %s',
    async (_, tools, success, output) => {
      const folder = workspace({ 'template.yaml': '' }, tools);
      const { calls, ...result } = await validate(folder);
      expect(result).toEqual({ success });
      expect(shown.output).toBe(output);
      expect(calls).toEqual([
        'uv venv',
        'uv pip',
        expect.stringMatching(
          /^cfn-lint --append-rules \S+files\/rules --configure-rule E9102:handler=a\.handler\.handler E9102:runtime=python3\.13 E9102:architecture=arm64 --template services\/a\/infra\/template\.yaml$/,
        ),
        'sam validate --template services/a/infra/template.yaml --region us-east-1',
      ]);
    },
  );

  it('keeps the AWS account of the user out of it', async () => {
    const folder = workspace(
      { 'template.yaml': '' },
      {
        ...CLEAN,
        sam: 'echo "$AWS_PROFILE,$AWS_ACCESS_KEY_ID,$AWS_EC2_METADATA_DISABLED,$SAM_CLI_TELEMETRY"; exit 1',
      },
    );
    setEnvironment({ AWS_PROFILE: 'production', AWS_ACCESS_KEY_ID: 'AKIA' });
    await validate(folder);
    expect(shown.output).toBe(',none,true,0\n');
  });

  it('installs the tools once', async () => {
    const folder = workspace({ 'template.yml': '' });
    await validate(folder);
    const { calls } = await validate(folder);
    expect(calls.filter((call) => call.startsWith('uv'))).toEqual([
      'uv venv',
      'uv pip',
    ]);
  });

  it('leaves nothing behind when the tools cannot be installed', async () => {
    const folder = workspace(
      { 'template.yaml': '' },
      CLEAN,
      'echo "no index answers" >&2; exit 1',
    );
    expect((await validate(folder)).success).toBe(false);
    expect(shown.lines).toEqual([
      'error: the tools for infrastructure code (sam) could not be installed\n  found:    no index answers\n  mend:     make the package index reachable, then run the target again',
    ]);
    expect(readdirSync(join(folder.path, '.nx/lambda-py')).sort()).toEqual([
      '.gitignore',
      // The version of the uv that was asked to install them.
      'uv.json',
    ]);
  });

  it('says what it could not check of Terraform without a terraform', async () => {
    const folder = workspace({ 'main.tf': '' });
    const { success, calls } = await validate(folder);
    expect(success).toBe(true);
    expect(shown.lines).toEqual([
      expect.stringMatching(
        /^warn: services\/a\/infra: not checked: types, arguments and references, since no terraform is installed/,
      ),
    ]);
    expect(calls.at(-1)).toMatch(
      /^python \S+terraform_check\.py services\/a\/infra a\.handler\.handler python3\.13 arm64$/,
    );
  });

  it('shows what it finds in Terraform itself, and asks terraform no more', async () => {
    const folder = workspace(
      { 'main.tf': '' },
      { ...CLEAN, python: 'echo too wide; exit 1' },
    );
    expect((await validate(folder)).success).toBe(false);
    expect(shown).toEqual({ output: 'too wide\n', lines: [] });
  });

  it.each([
    ['', true, ''],
    [
      '[ "$1" != validate ] || { echo unsupported argument; exit 1; }',
      false,
      'unsupported argument\n',
    ],
    ['[ "$1" != fmt ] || { echo main.tf; exit 3; }', false, 'main.tf\n'],
  ])('asks a terraform that is there: %j', async (script, success, output) => {
    const folder = workspace({ 'main.tf': '' });
    const note = `[ "$1" = version ] || echo "terraform $1 $TF_DATA_DIR" | sed "s#${folder.path}/##g" >> "${folder.path}/calls"`;
    folder.script('bin/terraform', note, script);
    const { calls, ...result } = await validate(folder);
    expect(result).toEqual({ success });
    expect(shown.output).toBe(output);
    expect(calls.slice(-3)).toEqual(
      ['fmt', 'init', 'validate'].map(
        (command) => `terraform ${command} .nx/lambda-py/terraform/a`,
      ),
    );
  });

  it('fails where terraform gets no providers', async () => {
    const folder = workspace({ 'main.tf': '' });
    folder.script(
      'bin/terraform',
      '[ "$1" != init ] || { echo no registry >&2; exit 1; }',
    );
    expect((await validate(folder)).success).toBe(false);
    expect(shown.lines[0]).toMatch(
      /^error: services\/a\/infra: "terraform init" could not get the providers.*\n {2}found: {4}no registry\n/,
    );
  });

  it.each([
    [undefined, 'no package aws-cdk'],
    ['3.0.0', 'aws-cdk 3.0.0'],
  ])('refuses the CDK toolkit %p', async (version, found) => {
    const folder = workspace({ 'cdk.json': '{}' });
    if (version !== undefined) toolkit(folder, version, '');
    expect(await validate(folder)).toEqual({ success: false, calls: [] });
    expect(shown.lines[0]).toContain(`found:    ${found}\n`);
    expect(shown.lines[0]).toContain('npm install --save-dev aws-cdk@^2');
  });

  it.each([
    [`require('fs').writeFileSync(out + '/S.template.json', '{}')`, true, ''],
    [
      `console.error('AwsSolutions-IAM5'); process.exit(1)`,
      false,
      'AwsSolutions-IAM5\n',
    ],
  ])(
    'synthesises a CDK app and lints it: %s',
    async (script, success, output) => {
      const folder = workspace({ 'cdk.json': '{}' });
      toolkit(folder, '2.1.0', script);
      const { calls, ...result } = await validate(folder);
      expect(result).toEqual({ success });
      expect(shown.output).toBe(output);
      const linted = calls.filter((call) => call.startsWith('cfn-lint'));
      expect(linted).toEqual(
        success
          ? [
              expect.stringMatching(
                /--ignore-checks W3005 --template \S+\/S\.template\.json$/,
              ),
            ]
          : [],
      );
      const out = readFileSync(join(folder.path, 'synthesised'), 'utf8');
      expect(existsSync(dirname(join(out, 'x')))).toBe(false);
    },
  );
});

/** A toolkit whose script has `out`, the folder that it is told to write to. */
function toolkit(
  folder: TemporaryFolder,
  version: string,
  script: string,
): void {
  folder.write('package.json', '{}');
  folder.write(
    'node_modules/aws-cdk/package.json',
    JSON.stringify({ version }),
  );
  folder.write(
    'node_modules/aws-cdk/bin/cdk',
    [
      `const out = process.argv[process.argv.indexOf('--output') + 1];`,
      `require('fs').writeFileSync(${JSON.stringify(join(folder.path, 'synthesised'))}, out);`,
      script,
    ].join('\n'),
  );
}
