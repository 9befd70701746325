import { LambdaPyError } from '../workspace/errors';
import { formatHistory, readHistory } from './alias-history';
import type { Effects } from './effects';
import type { AliasState, FunctionApi, PublishedVersion } from './function-api';
import { moveAlias } from './move-alias';
import { waitUntilReady } from './wait-until-ready';

/** Where a rollback goes, and the history of the alias afterwards. */
export interface RollbackPlan {
  readonly version: string;
  /** The version first, and those before it. */
  readonly history: readonly string[];
}

/**
 * Decides what a rollback does: an interrupted shift is taken back; else the alias gets the version that it had before, or
 * the one that is named.
 *
 * @param alias - as it stands
 * @param to - the version that is asked for; the previous one where there is none
 * @param aliasName - for the error message
 * @returns the version
 * @throws {@link LambdaPyError} when no version was released before the present one
 */
export function planRollback(
  alias: AliasState,
  to: string | undefined,
  aliasName: string,
): RollbackPlan {
  const { versions } = readHistory(alias.description, alias.version);
  if (to !== undefined) {
    const index = versions.indexOf(to);
    return {
      version: to,
      history: index < 0 ? [to, ...versions] : versions.slice(index),
    };
  }
  if (Object.keys(alias.weights).length > 0) {
    return { version: alias.version, history: versions };
  }
  const [, previous] = versions;
  if (previous !== undefined) {
    return { version: previous, history: versions.slice(1) };
  }
  throw new LambdaPyError({
    location: `alias ${aliasName}`,
    problem: 'no earlier version is known',
    found: alias.description === '' ? 'no history' : alias.description,
    mend: 'name a version with --to=VERSION; --list shows them',
  });
}

/**
 * Moves an alias back, at once.
 *
 * @param api - AWS
 * @param to - a version; the previous one where there is none
 * @param effects - the time
 * @returns the versions before and after
 * @throws {@link LambdaPyError} when there is no alias or no such version
 */
export async function rollBack(
  api: FunctionApi,
  to: string | undefined,
  effects: Effects,
): Promise<{ readonly version: string; readonly previous: string }> {
  const alias = await readExistingAlias(api);
  const plan = planRollback(alias, to, api.aliasName);
  const published = (await api.listVersions()).find(
    ({ version }) => version === plan.version,
  );
  if (published === undefined) {
    throw new LambdaPyError({
      location: api.functionName,
      problem: 'the function has no such version any more',
      found: plan.version,
      mend: 'name another with --to=VERSION; --list shows them',
    });
  }
  await waitUntilReady(api, effects, { version: plan.version });
  const commit = commitOf(published);
  await moveAlias(api, alias, {
    version: plan.version,
    weights: {},
    description: formatHistory({
      versions: plan.history,
      ...(commit === undefined ? {} : { commit }),
      time: new Date(effects.now()).toISOString().replace(/\.\d+/, ''),
    }),
  });
  return { version: plan.version, previous: alias.version };
}

/** A version as a user chooses among them. */
export interface ListedVersion extends PublishedVersion {
  readonly commit?: string;
  /** `live`; a share of the invocations; `previous`, where a rollback goes; `earlier`; or empty: it was never released. */
  readonly standing: string;
}

/**
 * Lists the versions that a rollback can go to, newest first.
 *
 * @param api - AWS
 * @returns the versions
 * @throws {@link LambdaPyError} when there is no alias
 */
export async function listForRollback(
  api: FunctionApi,
): Promise<readonly ListedVersion[]> {
  const alias = await readExistingAlias(api);
  const { versions } = readHistory(alias.description, alias.version);
  const standingOf = (version: string): string => {
    const weight = alias.weights[version];
    if (weight !== undefined) return `${weight * 100} %`;
    if (version === alias.version) return 'live';
    if (version === versions[1]) return 'previous';
    return versions.includes(version) ? 'earlier' : '';
  };
  return (await api.listVersions())
    .map((published) => {
      const commit = commitOf(published);
      return {
        ...published,
        standing: standingOf(published.version),
        ...(commit === undefined ? {} : { commit }),
      };
    })
    .sort((one, other) => Number(other.version) - Number(one.version));
}

async function readExistingAlias(api: FunctionApi): Promise<AliasState> {
  const alias = await api.readAlias();
  if (alias !== undefined) return alias;
  throw new LambdaPyError({
    location: api.functionName,
    problem: `the function has no alias ${api.aliasName}`,
    mend: 'deploy first, or name another with --alias',
  });
}

function commitOf({ description }: PublishedVersion): string | undefined {
  return /^lambda-py: commit ([0-9a-f]+\+?)$/.exec(description)?.[1];
}
