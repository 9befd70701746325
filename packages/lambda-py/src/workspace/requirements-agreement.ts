import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { LambdaPyError } from './errors';
import { normaliseProjectName } from './names';
import { findPython } from './python';
import { runUv } from './uv';

/** The two forms of a member's requirements. */
export interface RequirementForms {
  /** The requirements.in, relative to the workspace root, with `/`. */
  readonly file: string;
  /** Its content. */
  readonly direct: string;
  /** The content of the requirements.txt beside it. */
  readonly locked: string;
}

/** Where and for which Python versions they are compared. */
export interface AgreementContext {
  /** Absolute path, where uv is looked for. */
  readonly workspaceRoot: string;
  /** The folder whose pyproject.toml and uv.toml have the settings of uv: absolute path. */
  readonly cwd: string;
  /** What the workspace is locked for, such as `>=3.11`. */
  readonly requiresPython: string;
}

/**
 * Proves that a requirements.in and the requirements.txt beside it say the same: resolved by `uv pip compile`, which has
 * the interface of pip-compile, under the pins of the latter, the former has to give exactly these pins.
 *
 * uv.lock is resolved for the whole workspace, and a requirements.in asks for one member: here a pin that nothing of the
 * latter accounts for is told. Overrides and constraints of `[tool.uv]` hold here too, though pip-compile knows none.
 *
 * @param forms - both files
 * @param context - where it runs
 * @throws {@link LambdaPyError} naming what one form has and the other has not, or why uv could not resolve
 */
export async function requireAgreement(
  { file, direct, locked }: RequirementForms,
  { workspaceRoot, cwd, requiresPython }: AgreementContext,
): Promise<void> {
  // uv tells of the folder by its real name, and the one of macOS is behind a link.
  const folder = realpathSync(
    mkdtempSync(join(tmpdir(), 'lambda-py-requirements-')),
  );
  try {
    const input = join(folder, 'requirements.in');
    const constraints = join(folder, 'requirements.txt');
    writeFileSync(input, direct);
    writeFileSync(constraints, locked);
    const oldest = />=\s*(\d+\.\d+)/.exec(requiresPython)?.[1];
    const { executable } = await findPython(workspaceRoot);
    const { exitCode, stdout, stderr } = await runUv(
      workspaceRoot,
      [
        ...['pip', 'compile', '--quiet', '--universal'],
        ...['--no-header', '--no-annotate', '--python', executable],
        ...(oldest === undefined ? [] : ['--python-version', oldest]),
        ...['--constraint', constraints, input],
      ],
      { cwd },
    );
    const mend =
      'ask for it in a pyproject.toml ("uv add"), or remove "pip-tools" from [tool.lambda-py] in pyproject.toml';
    if (exitCode !== 0) {
      throw new LambdaPyError({
        file,
        problem: 'uv pip compile could not resolve the file',
        found: stderr.trim().replaceAll(`${folder}${sep}`, ''),
        mend,
      });
    }
    const compiled = pinsOf(stdout);
    const pinned = pinsOf(locked);
    const differences = [
      ...[...compiled]
        .filter((pin) => !pinned.has(pin))
        .map((pin) => `${pin} by "uv pip compile" alone`),
      ...[...pinned]
        .filter((pin) => !compiled.has(pin))
        .map((pin) => `${pin} in requirements.txt alone`),
    ];
    if (differences.length === 0) return;
    throw new LambdaPyError({
      file,
      problem: 'the file and the requirements.txt beside it do not agree',
      found: differences.join('; '),
      expected: 'the same pins from "uv pip compile" as from uv.lock',
      mend,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The distributions that a requirements.txt pins, each with its version where it has one. */
function pinsOf(requirements: string): ReadonlySet<string> {
  return new Set(
    [
      ...requirements.matchAll(
        /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(?:(==[^\s;\\]+)| @ )/gm,
      ),
    ].map(
      ([, name = '', version = '']) => normaliseProjectName(name) + version,
    ),
  );
}
