import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { DeploymentRecord } from '../../deployment/deployment-record';
import { useReleaseBench } from '../../deployment/testing/release-bench';
import type { ReleaseBench } from '../../deployment/testing/release-bench';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakePython, fakeUv } from '../../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import type { TemporaryFolder } from '../../testing/temporary-folder';
import rollbackExecutor from '../rollback/executor';
import deployExecutor from './executor';
import type { DeployExecutorSchema } from './schema';

const makeBench = useReleaseBench();
const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

const PROD = { account: '123456789012', region: 'eu-central-1' };
const SECRET = 'secret-that-nobody-may-see';
const ZIP = 'second';

/** A workspace with a packed service, tools that note how they are called, and an AWS that the environment leads to. */
async function make(
  infra: Readonly<Record<string, string>> = { 'template.yaml': '' },
  tool = '',
): Promise<{
  readonly bench: ReleaseBench;
  readonly folder: TemporaryFolder;
  readonly context: ExecutorContext;
}> {
  const bench = await makeBench();
  bench.aws.stacks.set('a-prod', 'orders');
  const folder = makeFolder();
  folder.write(
    'services/a/pyproject.toml',
    '[project]\nname = "a"\n[tool.lambda-py]\nhandler = "a.handler.handler"\nruntime = "python3.13"\n',
  );
  folder.write('services/a/events/good.json', '{}');
  pack(folder, ZIP);
  for (const [file, text] of Object.entries(infra)) {
    folder.write(`services/a/infra/${file}`, text);
  }
  const note = `echo "$(basename $0) $*" | sed "s#${folder.path}##g" >> "${folder.path}/calls"`;
  folder.script('tools/sam', note, tool);
  folder.script('bin/terraform', note, tool);
  const uv = folder.script(
    'fakes/uv',
    ...fakeUv('0.13.9'),
    'if [ "$1" = pip ]; then',
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
    AWS_ENDPOINT_URL: bench.endpoint,
    AWS_ACCESS_KEY_ID: 'key-of-the-user',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
  });
  const context = {
    ...executorContext(folder.path, 'services/a'),
    configurationName: 'prod',
  };
  return { bench, folder, context };
}

function pack(folder: TemporaryFolder, text: string): void {
  folder.write('dist/services/a/a.zip', text);
  folder.write(
    'dist/services/a/a.manifest.json',
    JSON.stringify({
      handler: 'a.handler.handler',
      runtime: 'python3.13',
      architecture: 'x86_64',
      sha256: createHash('sha256').update(text).digest('hex'),
    }),
  );
}

function recordIn(folder: TemporaryFolder): DeploymentRecord | undefined {
  const file = join(folder.path, 'dist/deployments/prod/a.json');
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as DeploymentRecord)
    : undefined;
}

function callsIn(folder: TemporaryFolder): readonly string[] {
  const file = join(folder.path, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

afterEach(() => {
  expect(shown.output + shown.lines.join('\n')).not.toContain(SECRET);
});

describe('the executor deploy, by code', () => {
  const CODE: DeployExecutorSchema = { ...PROD, strategy: 'code' };

  it('releases the zip to the function of the stack, and records it', async () => {
    const { bench, folder, context } = await make();

    expect(await deployExecutor(CODE, context)).toEqual({ success: true });
    expect(bench.lambda.alias).toMatchObject({ version: '2' });
    expect(recordIn(folder)).toMatchObject({
      project: 'a',
      stage: 'prod',
      strategy: 'code',
      status: 'released',
      account: PROD.account,
      region: PROD.region,
      functionName: 'orders',
      alias: 'live',
      version: '2',
      previous: '1',
      codeSha256: createHash('sha256').update(ZIP).digest('base64'),
    });
    expect(shown.lines).toContain(
      'info: a on prod: released, version 2, was 1',
    );
  });

  it('prints the record alone with --json', async () => {
    const { context, folder } = await make();
    const written: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    await deployExecutor({ ...CODE, json: true }, context);

    expect(JSON.parse(written.join(''))).toEqual(recordIn(folder));
  });

  it('changes nothing in a dry run, and asks nobody', async () => {
    const { bench, folder, context } = await make();

    expect(
      await deployExecutor({ ...CODE, protected: true, dryRun: true }, context),
    ).toEqual({ success: true });
    expect(bench.lambda.uploads).toBe(0);
    expect(recordIn(folder)).toBeUndefined();
    expect(shown.lines.join('\n')).toContain('would upload');
  });

  it('fails where the new version does, which never had any traffic', async () => {
    const { bench, folder, context } = await make();
    pack(folder, 'broken');

    expect(
      await deployExecutor({ ...CODE, smokeEvent: 'good' }, context),
    ).toEqual({ success: false });
    expect(bench.lambda.violations).toEqual([]);
    expect(recordIn(folder)).toMatchObject({
      status: 'rolled-back',
      version: '1',
    });
  });

  it('records a failure, and tells what AWS says', async () => {
    const { bench, folder, context } = await make();
    bench.aws.fault = ({ operation }) =>
      operation === 'UpdateFunctionCode' ? 'expired credentials' : undefined;

    expect(await deployExecutor(CODE, context)).toEqual({ success: false });
    expect(recordIn(folder)).toMatchObject({ status: 'failed' });
    expect(shown.lines.join('\n')).toContain('aws sso login');
  });

  it.each<readonly [string, DeployExecutorSchema, string]>([
    ['another account', { account: '999999999999' }, 'another account'],
    ['a protected stage', { protected: true }, 'is protected'],
    ['a stack that is not there', { stackName: 'x' }, 'does not exist'],
    ['an unknown shift', { shift: 'Slowly' }, 'none that is known'],
    ['an event that is not there', { smokeEvent: 'x' }, 'x'],
  ])('refuses %s, with nothing changed', async (_, options, message) => {
    const { bench, context } = await make();

    expect(await deployExecutor({ ...CODE, ...options }, context)).toEqual({
      success: false,
    });
    expect(shown.lines.join('\n')).toContain(message);
    expect(bench.lambda.uploads).toBe(0);
  });

  it('refuses a zip that its manifest does not describe', async () => {
    const { folder, context } = await make();
    folder.write('dist/services/a/a.zip', 'other');

    expect(await deployExecutor(CODE, context)).toEqual({ success: false });
    expect(shown.lines.join('\n')).toContain(
      'not the one that its manifest describes',
    );
  });

  it('deploys to a protected stage with --yes, and rolls back', async () => {
    const { bench, folder, context } = await make();
    const options = { ...CODE, protected: true, yes: true };
    await deployExecutor(options, context);

    expect(await rollbackExecutor({ ...PROD, list: true }, context)).toEqual({
      success: true,
    });
    expect(shown.output).toMatch(/^2 +live/m);
    expect(await rollbackExecutor({ ...PROD, to: 1 }, context)).toEqual({
      success: true,
    });
    expect(bench.lambda.alias).toMatchObject({ version: '1' });
    expect(recordIn(folder)).toMatchObject({
      action: 'rollback',
      version: '1',
      previous: '2',
    });
  });
});

describe('the executor deploy, by infrastructure code', () => {
  it('runs sam deploy with the stage in its environment', async () => {
    const { folder, context } = await make(
      undefined,
      'echo "region $AWS_REGION"',
    );

    expect(
      await deployExecutor(
        { ...PROD, parameters: { LogRetentionDays: 7 } },
        context,
      ),
    ).toEqual({ success: true });
    expect(callsIn(folder)).toEqual([
      'sam deploy --template-file /services/a/infra/template.yaml --stack-name a-prod --region eu-central-1 --no-progressbar --no-confirm-changeset --no-fail-on-empty-changeset --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND --resolve-s3 --parameter-overrides LogRetentionDays="7"',
    ]);
    expect(shown.lines).toContain('info: region eu-central-1');
    expect(recordIn(folder)).toMatchObject({
      strategy: 'template',
      status: 'released',
      version: '1',
    });
  });

  it('tells an empty change, and a failure', async () => {
    const same = await make(undefined, 'echo "No changes to deploy"');
    await deployExecutor(PROD, same.context);
    expect(recordIn(same.folder)).toMatchObject({ status: 'unchanged' });

    const failing = await make(undefined, 'echo why >&2; exit 3');
    expect(await deployExecutor(PROD, failing.context)).toEqual({
      success: false,
    });
    expect(shown.lines).toContain('info: why');
    expect(recordIn(failing.folder)).toMatchObject({ status: 'failed' });
  });

  it('only says what it would run in a dry run', async () => {
    const { folder, context } = await make();
    await deployExecutor({ ...PROD, dryRun: true }, context);

    expect(callsIn(folder)).toEqual([]);
    expect(shown.lines.join('\n')).toContain('would run: sam deploy');
  });

  it('applies Terraform in a workspace of the stage, then moves the alias', async () => {
    const { bench, folder, context } = await make(
      { 'main.tf': '' },
      '[ "$1" = output ] && printf 2; true',
    );
    // What Terraform would have published.
    const { api } = await bench.connect();
    const { revisionId } = await api.readFunction();
    await api.updateCode({ zip: Buffer.from(ZIP) }, revisionId);
    const pending = await api.readFunction();
    expect(pending.isReady).toBe(false);
    const ready = await api.readFunction();
    await api.publishVersion({
      codeSha256: ready.codeSha256,
      revisionId: ready.revisionId,
      description: '',
    });

    expect(
      await deployExecutor(
        { ...PROD, functionName: 'orders', parameters: { size: 'a b' } },
        context,
      ),
    ).toEqual({ success: true });
    expect(callsIn(folder)).toEqual([
      'terraform version',
      'terraform init -input=false -no-color',
      'terraform workspace select -or-create prod',
      'terraform apply -auto-approve -input=false -no-color -var=size=a b',
      'terraform output -raw -no-color version',
    ]);
    expect(bench.lambda.alias).toMatchObject({ version: '2' });
    expect(recordIn(folder)).toMatchObject({
      strategy: 'template',
      version: '2',
    });
  });

  it('asks for infrastructure code', async () => {
    const { context } = await make({});

    expect(await deployExecutor(PROD, context)).toEqual({ success: false });
    expect(shown.lines.join('\n')).toContain(
      'there is no infrastructure code to deploy',
    );
  });
});

describe('the executor deploy, of a stack that is no service', () => {
  async function makeStack(pyproject = '[project]\nname = "a"\n') {
    const made = await make(undefined, 'echo deploying');
    made.folder.write('services/a/pyproject.toml', pyproject);
    return made;
  }

  it('deploys the infrastructure code alone', async () => {
    const { folder, context } = await makeStack();

    expect(await deployExecutor(PROD, context)).toEqual({ success: true });
    expect(callsIn(folder)).toEqual([
      expect.stringContaining('--stack-name a-prod'),
    ]);
    expect(recordIn(folder)).toMatchObject({
      strategy: 'template',
      status: 'released',
    });
    expect(recordIn(folder)).not.toHaveProperty('version');
  });

  it('leaves it as it is where services deploy their code', async () => {
    const { folder, context } = await makeStack();

    expect(
      await deployExecutor({ ...PROD, strategy: 'code' }, context),
    ).toEqual({ success: true });
    expect(callsIn(folder)).toEqual([]);
    expect(recordIn(folder)).toMatchObject({ status: 'unchanged' });
    expect(shown.lines.join('\n')).toContain('has no code');
  });

  it('refuses a project that has neither', async () => {
    const { folder, context } = await makeStack();
    folder.write('services/b/pyproject.toml', '[project]\nname = "b"\n');
    const projects = { a: { root: 'services/b' } };

    expect(
      await deployExecutor(PROD, {
        ...context,
        projectsConfigurations: { version: 2, projects },
      }),
    ).toEqual({ success: false });
    expect(shown.lines.join('\n')).toContain('neither a service nor a stack');
  });
});
