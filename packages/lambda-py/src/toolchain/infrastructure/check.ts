import type { Service } from '../../workspace/service';
import { runProcess } from '../../workspace/process';
import { extendPath } from '../../workspace/search-path';
import { INFRASTRUCTURE_FILES } from './tools';
import type { InfrastructureTools } from './tools';

/** What infrastructure code is checked against. */
export interface InfrastructureCheck {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly service: Service;
  /** Takes a line for the user that is no finding. */
  readonly warn: (message: string) => void;
}

/**
 * The environment that a tool runs in: offline where it can be, with nothing of the user's AWS account.
 *
 * @param tools - the tools' own environment
 * @returns a copy of this process's environment
 */
export function toolEnvironment(tools: InfrastructureTools): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, AWS_PROFILE: __, ...env } = process.env;
  return {
    ...extendPath(env, { first: tools.executables }),
    NO_COLOR: '1',
    PYTHONPATH: INFRASTRUCTURE_FILES,
    PYTHONDONTWRITEBYTECODE: '1',
    // A check that asked AWS would hang where there is none, and differ where there is.
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    SAM_CLI_TELEMETRY: '0',
    __SAM_CLI_APP_DIR: tools.state,
  };
}

/**
 * Runs a tool, and shows what it printed where it found something.
 *
 * @param command - the executable
 * @param args - its arguments
 * @param options - where it runs, with which environment, and which lines of it are noise
 * @returns true when it found nothing
 */
export async function passes(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly noise?: RegExp;
  },
): Promise<boolean> {
  const { exitCode, stdout, stderr } = await runProcess(command, args, options);
  if (exitCode === 0) return true;
  const lines = `${stdout}${stderr}`
    .split(/\r?\n/)
    .filter((line) => options.noise?.test(line) !== true);
  process.stdout.write(`${lines.join('\n').trim()}\n`);
  return false;
}
