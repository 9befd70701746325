import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { findUv } from '../workspace/uv';
import type { Distribution } from './distribution';
import { parseMetadata } from './installed-distributions';
import { helperInterpreter } from './interpreter';
import type { MemberRequest } from './local-members';
import { copySources } from './member-sources';
import type { DigestedSource } from './member-sources';
import { runTimedUv } from './timed-uv';
import { isPureWheel, unpackWheel } from './wheel';
import { inWorkFolder } from './work-folder';

/**
 * Builds from a copy that holds the sources of the key and nothing else: what a backend finds beside them (an earlier
 * build, a file that is no source) cannot slip in, and the backend's leftovers do not stay in the workspace.
 *
 * @param request - the member
 * @param sources - its sources
 * @returns what its wheel holds
 * @throws {@link LambdaPyError} when it cannot be built, or builds a wheel for this machine alone
 */
export async function buildMember(
  { workspaceRoot, member, timeout }: MemberRequest,
  sources: readonly DigestedSource[],
): Promise<Distribution> {
  // At once: each may have to run a program to find out.
  const [{ executable }] = await Promise.all([
    helperInterpreter(workspaceRoot),
    findUv(workspaceRoot),
  ]);
  return inWorkFolder(workspaceRoot, async (work) => {
    const copy = join(work, 'workspace');
    const output = join(work, 'wheel');
    copySources(sources, copy);
    const { exitCode, stdout, stderr } = await runTimedUv(
      workspaceRoot,
      { timeout, purpose: `built the wheel of ${member.name}` },
      [
        'build',
        '--quiet',
        '--wheel',
        // The copy is outside of the uv workspace; the sources of dependencies matter to no build.
        '--no-sources',
        '--python',
        executable,
        '--out-dir',
        output,
        join(copy, member.projectRoot),
      ],
    );
    const file = `${member.projectRoot}/pyproject.toml`;
    if (exitCode !== 0) {
      throw new LambdaPyError({
        file,
        problem: `the wheel of ${member.name} could not be built`,
        found: `${stdout}${stderr}`
          .trim()
          .replaceAll(`${copy}/`, '')
          .replaceAll(`${relative(workspaceRoot, copy)}/`, ''),
        expected: 'a project that builds from the files of its own folder',
        mend: `see that "uv build --wheel ${member.projectRoot}" succeeds`,
      });
    }
    const wheel = readdirSync(output).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`uv built no wheel in ${output}`);
    if (!isPureWheel(wheel)) {
      throw new LambdaPyError({
        file,
        problem: `${member.name} has compiled code, which would be built for this machine and not for Lambda's`,
        found: wheel,
        expected: 'a wheel for any platform: …-none-any.whl',
        mend: `build ${member.name} as manylinux wheels and put them in an index of yours`,
      });
    }
    const { metadata, files } = await unpackWheel(
      readFileSync(join(output, wheel)),
    );
    return { ...parseMetadata(metadata), local: true, files };
  });
}
