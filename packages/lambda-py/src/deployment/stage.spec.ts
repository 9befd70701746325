import { rejectionOf } from '../testing/errors';
import { useEnvironment } from '../testing/temporary-folder';
import { explainAwsError, withoutSecrets } from './aws-errors';
import { deployEnvironment } from './aws-environment';
import { clientSettings } from './aws-settings';
import { confirm } from './confirmation';
import { checkAccount, checkFunctionArn, readIdentity } from './identity';
import { enterStage } from './stage';
import { failureOf } from '../testing/errors';
import { useReleaseBench } from './testing/release-bench';

const makeBench = useReleaseBench();
const setEnvironment = useEnvironment();

describe('a stage', () => {
  const log = (): void => undefined;

  it('is entered with the credentials of its account', async () => {
    const { endpoint } = await makeBench();
    const lines: string[] = [];
    const stage = await enterStage(
      'prod',
      { account: '123456789012', region: 'eu-central-1' },
      { endpoint, doing: 'deploy orders', log: (line) => lines.push(line) },
    );

    expect(stage.identity.account).toBe('123456789012');
    expect(lines).toEqual([
      'stage prod: account 123456789012, region eu-central-1',
    ]);
  });

  it('refuses those of another account, before anything else is asked', async () => {
    const { aws, endpoint } = await makeBench();

    expect(
      await rejectionOf(
        enterStage(
          'prod',
          { account: '999999999999', region: 'eu-central-1' },
          { endpoint, log },
        ),
      ),
    ).toMatch(
      /stage prod: the credentials are of another account[^]*found: {4}123456789012\n {2}expected: 999999999999/,
    );
    expect(aws.requests).toEqual([{ operation: 'GetCallerIdentity' }]);
  });

  it('takes an account that Nx has made a number of', async () => {
    const { aws, endpoint } = await makeBench();
    aws.account = '000456789012';
    const stage = await enterStage(
      'prod',
      { account: 456789012, region: 'eu-central-1' },
      { endpoint, log },
    );

    expect(stage.identity.account).toBe('000456789012');
  });

  it('tells of credentials that have expired, and never shows them', async () => {
    const { aws, endpoint } = await makeBench();
    aws.fault = () => 'expired credentials';
    const message = await rejectionOf(
      readIdentity({ region: 'eu-central-1', endpoint, maxAttempts: 1 }),
    );

    expect(message).toContain('could not ask AWS for the account');
    expect(message).not.toContain('test');
  });

  it('needs a region', async () => {
    setEnvironment({
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
      AWS_CONFIG_FILE: '/nowhere',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    });

    expect(await rejectionOf(enterStage('prod', {}, { log }))).toContain(
      'stage prod: no region is known',
    );
  });

  it('must be where the function is', () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';
    checkFunctionArn(arn, { account: '123456789012', region: 'eu-west-1' });

    expect(
      failureOf(() => {
        checkFunctionArn(arn, { account: '123456789012', region: 'us-east-1' });
      }),
    ).toContain('the function is not where the stage is');
    checkAccount({ account: '1' }, { name: 'any' });
  });
});

describe('confirm', () => {
  const base = {
    stage: 'prod',
    doing: 'deploy orders',
    isProtected: true,
    isUnguarded: false,
    place: 'account 1, region r',
  };
  const nobody = { isConfirmed: false, isInteractive: false };

  it('asks for nothing where the stage is guarded and not protected', async () => {
    await confirm({ ...base, isProtected: false }, nobody);
    await confirm(base, { ...nobody, isConfirmed: true });
  });

  it('refuses a protected stage where nobody can be asked', async () => {
    expect(await rejectionOf(confirm(base, nobody))).toMatch(
      /protected, and nobody can be asked[^]*--yes/,
    );
  });

  it('takes --yes for no stage that names no account', async () => {
    expect(
      await rejectionOf(
        confirm(
          { ...base, isUnguarded: true },
          { isConfirmed: true, isInteractive: false },
        ),
      ),
    ).toContain('the stage prod names no account');
  });

  it('goes on when the name of the stage is typed, and else not', async () => {
    const asked: string[] = [];
    const answer = (text: string) => ({
      isConfirmed: false,
      isInteractive: true,
      ask: (question: string) => {
        asked.push(question);
        return Promise.resolve(text);
      },
    });
    await confirm(base, answer(' prod\n'));

    expect(asked[0]).toContain('deploy orders in account 1, region r?');
    expect(await rejectionOf(confirm(base, answer('y')))).toContain(
      'not confirmed',
    );
  });
});

describe('what is told of AWS', () => {
  it('has no secrets', () => {
    const error = Object.assign(new Error('token abcdef of key xyz'), {
      name: 'AccessDeniedException',
    });

    expect(explainAwsError(error, 'deploy', ['abcdef', '']).message).toContain(
      'token (hidden) of key xyz',
    );
    expect(withoutSecrets('aa', [''])).toBe('aa');
    error.name = 'SignatureDoesNotMatch';
    expect(explainAwsError(error, 'deploy').message).not.toContain('abcdef');
  });
});

describe('the settings of AWS', () => {
  it('retry adaptively, and take the profile or the emulator', () => {
    expect(clientSettings({ region: 'r', profile: 'p' })).toMatchObject({
      retryMode: 'adaptive',
      maxAttempts: 8,
      profile: 'p',
    });
    expect(
      clientSettings({ region: 'r', endpoint: 'http://e' }).credentials,
    ).toBeDefined();
  });

  it("leave nothing of the user's account to a tool that deploys to an emulator", () => {
    setEnvironment({ AWS_PROFILE: 'mine', AWS_SESSION_TOKEN: 'secret' });

    const local = deployEnvironment({ region: 'r', endpoint: 'http://e' });
    expect(local['AWS_PROFILE']).toBeUndefined();
    expect(local['AWS_SESSION_TOKEN']).toBeUndefined();
    expect(local['AWS_ENDPOINT_URL']).toBe('http://e');
    const real = deployEnvironment({ region: 'r', profile: 'theirs' });
    expect(real['AWS_PROFILE']).toBe('theirs');
    expect(real['AWS_REGION']).toBe('r');
    // Terraform's own patience is greater.
    expect(real).not.toHaveProperty('AWS_MAX_ATTEMPTS');
    const tools = { executables: '/tools/bin', state: '/state' };
    expect(deployEnvironment({ region: 'r' }, tools)).toMatchObject({
      AWS_RETRY_MODE: 'standard',
      AWS_MAX_ATTEMPTS: '8',
    });
    setEnvironment({ AWS_MAX_ATTEMPTS: '20' });
    expect(deployEnvironment({ region: 'r' }, tools)).toMatchObject({
      AWS_MAX_ATTEMPTS: '20',
    });
  });
});
