import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeCacheFolder } from '../../workspace/cache-folder';
import { LambdaPyError } from '../../workspace/errors';
import { findPython } from '../../workspace/python';
import { runUv } from '../../workspace/uv';

/** The folder of the locked requirements, and of the checks that the tools lack. */
export const INFRASTRUCTURE_FILES = join(__dirname, 'files');

/** An environment of tools that no project of the workspace can see. */
export interface InfrastructureTools {
  /** The folder of its executables: an absolute path. */
  readonly executables: string;
  /** The folder of state that the tools keep, so that they need none of the user's: an absolute path. */
  readonly state: string;
}

/**
 * Finds the tools that check and deploy infrastructure code, or installs them, locked with their hashes, through the workspace's
 * own index configuration.
 *
 * They have an environment of their own: the SAM CLI holds boto3, pydantic and others at versions that services need
 * not have.
 *
 * @param workspaceRoot - absolute path
 * @param name - `sam`: the SAM CLI, cfn-lint and a parser of HCL; `cdk`: the CDK's libraries;
 * `emulator`: an emulator of AWS
 * @returns the environment
 * @throws {@link LambdaPyError} when the tools could not be installed
 */
export async function ensureInfrastructureTools(
  workspaceRoot: string,
  name: 'sam' | 'cdk' | 'emulator',
): Promise<InfrastructureTools> {
  const requirements = join(INFRASTRUCTURE_FILES, `${name}.txt`);
  const { executable, version } = await findPython(workspaceRoot);
  const digest = createHash('sha256')
    .update(readFileSync(requirements))
    .update(`${executable} ${version}`)
    .digest('hex')
    .slice(0, 12);
  const folder = join(
    makeCacheFolder(workspaceRoot),
    `tools-${name}-${digest}`,
  );
  if (!existsSync(folder)) {
    await install(workspaceRoot, name, { executable, requirements, folder });
  }
  return {
    executables: join(folder, process.platform === 'win32' ? 'Scripts' : 'bin'),
    state: join(folder, 'state'),
  };
}

/** The environment appears whole or not at all, and tasks that run at the same time may each make it. */
async function install(
  workspaceRoot: string,
  name: string,
  paths: {
    readonly executable: string;
    readonly requirements: string;
    readonly folder: string;
  },
): Promise<void> {
  const building = mkdtempSync(`${paths.folder}.`);
  try {
    for (const args of [
      [
        'venv',
        '--quiet',
        '--allow-existing',
        '--relocatable',
        '--python',
        paths.executable,
        building,
      ],
      [
        'pip',
        'install',
        '--quiet',
        '--require-hashes',
        '--python',
        building,
        '--requirements',
        paths.requirements,
      ],
    ]) {
      const { exitCode, stderr } = await runUv(workspaceRoot, args);
      if (exitCode === 0) continue;
      throw new LambdaPyError({
        problem: `the tools for infrastructure code (${name}) could not be installed`,
        found: stderr.trim().split(/\r?\n/).slice(-5).join('\n'),
        mend: 'make the package index reachable, then run the target again',
      });
    }
    try {
      renameSync(building, paths.folder);
    } catch (error) {
      // Another task was faster, and its environment is as good.
      if (!existsSync(paths.folder)) throw error;
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}
