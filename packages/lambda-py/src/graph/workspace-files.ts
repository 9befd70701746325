import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectRequirementsSummary } from '../workspace/direct-requirements';
import { readLockText } from '../workspace/lock-text';
import type { DefaultGroups, LockSummary } from '../workspace/lock-summary';
import { readPyprojectText } from '../workspace/pyproject-text';
import { contentKey, openContentCache } from './content-cache';
import type { RuffTable } from './lint-tables';
import type { MemberDescription } from './member-description';
import { graphCacheFolder } from './nx-internal';
import type * as workspaceParser from './workspace-parser';

/** Told what is wrong with a file: anything that was thrown, or a message. */
export type Warn = (problem: unknown) => void;

/** The pyproject files of the workspace, each parsed once per content. */
export interface MemberDescriptions {
  /** Describes a pyproject.toml, relative to the workspace root; `undefined` where it is broken. */
  read(file: string): MemberDescription | undefined;
  /** Describes a pyproject.toml by its content; `undefined` where it is broken. */
  describe(text: string, file: string): MemberDescription | undefined;
  /** Keeps the descriptions of the files that were read for the next time. */
  save(): void;
}

/**
 * Opens the cache of what the pyproject files say.
 *
 * @param workspaceRoot - absolute path
 * @param warn - told what is wrong with a file, every time that it is read
 * @returns reads the files
 */
export function openMemberDescriptions(
  workspaceRoot: string,
  warn: Warn,
): MemberDescriptions {
  const cache = openContentCache<MemberDescription>(
    graphCacheFolder(workspaceRoot),
    'lambda-py-members.json',
  );
  const describe = (text: string, file: string): MemberDescription => {
    // Nx has a hash of the file too, but of what stood in it when Nx looked.
    const key = contentKey(text);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const { description, warning } = parser().describeMember(text, file);
    // What is wrong names the file, and is told again until it is mended.
    if (warning === undefined) cache.set(key, description);
    else warn(warning);
    return description;
  };
  const attempt = <Value>(action: () => Value): Value | undefined => {
    try {
      return action();
    } catch (error) {
      warn(error);
      return undefined;
    }
  };
  return {
    read: (file) =>
      attempt(() => describe(readPyprojectText(workspaceRoot, file), file)),
    describe: (text, file) => attempt(() => describe(text, file)),
    save: cache.save,
  };
}

/** Files that are ruff's alone, each parsed once per content. */
export interface RuffFiles {
  /** What a file, relative to the workspace root, says of files; nothing where it is broken, which ruff tells. */
  read(file: string): RuffTable;
  /** Keeps what the files say for the next time. */
  save(): void;
}

/**
 * Opens the cache of what ruff's own files say.
 *
 * @param workspaceRoot - absolute path
 * @returns reads the files
 */
export function openRuffFiles(workspaceRoot: string): RuffFiles {
  const cache = openContentCache<RuffTable>(
    graphCacheFolder(workspaceRoot),
    'lambda-py-ruff.json',
  );
  return {
    read(file) {
      try {
        const text = readFileSync(join(workspaceRoot, file), 'utf8');
        const key = contentKey(text);
        const known = cache.get(key);
        if (known !== undefined) return known;
        const table = parser().describeRuffFile(text, file);
        cache.set(key, table);
        return table;
      } catch {
        return {};
      }
    },
    save: cache.save,
  };
}

/**
 * Reads what uv.lock says of the members, parsed once per content.
 *
 * @param workspaceRoot - absolute path
 * @param text - the content of uv.lock
 * @param defaultGroups - what the root's pyproject.toml says, if anything
 * @returns the summary
 * @throws {@link LambdaPyError} when the text is no valid lock file
 */
export function lockSummaryOf(
  workspaceRoot: string,
  text: string,
  defaultGroups?: DefaultGroups,
): LockSummary {
  return kept('lambda-py-lock.json', workspaceRoot, text, defaultGroups, () =>
    parser().summariseLock(text, defaultGroups),
  );
}

/** What is computed from uv.lock and the default groups alone. */
function kept<Summary>(
  name: string,
  workspaceRoot: string,
  text: string,
  defaultGroups: DefaultGroups | undefined,
  compute: () => Summary,
): Summary {
  const cache = openContentCache<Summary>(
    graphCacheFolder(workspaceRoot),
    name,
  );
  const key = contentKey(
    // A lock file is large: it is not copied for what hardly anybody sets.
    defaultGroups === undefined ? text : JSON.stringify([text, defaultGroups]),
  );
  const known = cache.get(key);
  if (known !== undefined) return known;
  const summary = compute();
  cache.set(key, summary);
  cache.save();
  return summary;
}

/**
 * Reads what the members ask for, parsed once per content of uv.lock. Only where a workspace uses pip-tools does
 * anybody want to know, so it is kept in a file of its own.
 *
 * @param workspaceRoot - absolute path
 * @param text - the content of uv.lock
 * @param defaultGroups - what the root's pyproject.toml says, if anything
 * @returns the summary
 * @throws {@link LambdaPyError} when the text is no valid lock file, or tells of a requirement that pip-tools cannot have
 */
export function directRequirementsOf(
  workspaceRoot: string,
  text: string,
  defaultGroups?: DefaultGroups,
): DirectRequirementsSummary {
  return kept(
    'lambda-py-direct-requirements.json',
    workspaceRoot,
    text,
    defaultGroups,
    () => {
      const { parseLockFile, summariseDirectRequirements } = parser();
      return summariseDirectRequirements(parseLockFile(text), defaultGroups);
    },
  );
}

/**
 * Reads the workspace's uv.lock.
 *
 * @param workspaceRoot - absolute path
 * @param warn - told what is wrong with the file
 * @param defaultGroups - what the root's pyproject.toml says, if anything
 * @returns its summary; `undefined` where there is none, or it is broken
 */
export function readLockSummary(
  workspaceRoot: string,
  warn: Warn,
  defaultGroups?: DefaultGroups,
): LockSummary | undefined {
  try {
    const text = readLockText(workspaceRoot);
    return text === undefined
      ? undefined
      : lockSummaryOf(workspaceRoot, text, defaultGroups);
  } catch (error) {
    warn(error);
    return undefined;
  }
}

/** Loaded only when something has to be parsed, which most graphs need not: zod alone takes as long as a warm graph. */
function parser(): typeof workspaceParser {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./workspace-parser') as typeof workspaceParser;
}
