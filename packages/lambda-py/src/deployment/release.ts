import { LambdaPyError, messageOf } from '../workspace/errors';
import { formatHistory, readHistory } from './alias-history';
import { isConflict, isStaleRevision } from './aws-errors';
import type { Effects } from './effects';
import type {
  AliasState,
  CodeLocation,
  FunctionApi,
  FunctionState,
  PublishedVersion,
} from './function-api';
import { makeAlias, moveAlias } from './move-alias';
import { describeStep, LATEST, planRelease } from './plan-release';
import type {
  ObservedFunction,
  ReleaseStep,
  WantedRelease,
} from './plan-release';
import type { Shift } from './shift';
import { waitUntilReady } from './wait-until-ready';
import {
  checkAlarmsAtStart,
  smoke,
  UnfitVersionError,
  watchAlarms,
} from './watch';
import type { Watch } from './watch';

/** A release of new code to a function that exists. */
export interface ReleaseRequest extends WantedRelease {
  readonly watch: Watch;
  /** The commit that the zip was made of, where one is known. */
  readonly commit?: string;
  /** Puts the zip where Lambda takes it from. */
  readonly provideCode: (through: 'direct' | 's3') => Promise<CodeLocation>;
}

/** How a release ended. */
export interface ReleaseResult {
  readonly status: 'released' | 'unchanged' | 'rolled-back';
  /** The version that the alias has now. */
  readonly version: string;
  /** The version that it had before; none where it had none. */
  readonly previous?: string;
  /** Why the new version was taken back. */
  readonly reason?: string;
}

/**
 * Reads what a release starts from, once Lambda has finished what it does to the function.
 *
 * @param api - AWS
 * @param effects - waits
 * @returns the function, its alias, and the code of the versions that the alias names
 */
export async function observeFunction(
  api: FunctionApi,
  effects: Effects,
): Promise<ObservedFunction> {
  // A new upload may mend an update that failed.
  const latest = await waitUntilReady(api, effects, { mayHaveFailed: true });
  const alias = await api.readAlias();
  const named =
    alias === undefined ? [] : [alias.version, ...Object.keys(alias.weights)];
  const versionSha256: Record<string, string> = {};
  for (const version of named.filter((one) => one !== LATEST)) {
    versionSha256[version] = (await api.readFunction(version)).codeSha256;
  }
  return { latest, versionSha256, ...(alias === undefined ? {} : { alias }) };
}

/**
 * Releases code: uploads it, publishes a version, tests it and shifts the alias, and takes the alias back when that
 * fails. Whenever it is interrupted, the alias names versions that work, and the next run goes on.
 *
 * @param api - AWS
 * @param request - what to release
 * @param observed - what there is: {@link observeFunction}
 * @param effects - waits, and tells the user
 * @returns how it ended
 * @throws what AWS refused, with the alias as it was before
 */
export async function release(
  api: FunctionApi,
  request: ReleaseRequest,
  observed: ObservedFunction,
  effects: Effects,
): Promise<ReleaseResult> {
  const steps = planRelease(observed, request);
  if (steps.length > 0) await checkAlarmsAtStart(api, request.watch);
  const run = new ReleaseRun(api, request, observed, effects);
  for (const step of steps) {
    effects.checkInterrupted();
    effects.log(describeStep(step, api));
    const end = await run.take(step);
    if (end !== undefined) return end;
  }
  return {
    status: steps.length === 0 ? 'unchanged' : 'released',
    ...run.versions(),
  };
}

/** What is known of a release between its steps. */
class ReleaseRun {
  private latest: FunctionState;
  private alias: AliasState | undefined;
  private candidate: string | undefined;
  private readonly previous: string | undefined;

  constructor(
    private readonly api: FunctionApi,
    private readonly request: ReleaseRequest,
    observed: ObservedFunction,
    private readonly effects: Effects,
  ) {
    this.latest = observed.latest;
    this.alias = observed.alias;
    this.previous = observed.alias?.version;
  }

  versions(): Pick<ReleaseResult, 'version' | 'previous'> {
    return {
      version: this.alias?.version ?? '',
      ...(this.previous === undefined ? {} : { previous: this.previous }),
    };
  }

  /** Takes a step; returns how the release ended where it ended with it. */
  async take(step: ReleaseStep): Promise<ReleaseResult | undefined> {
    const { api, request } = this;
    switch (step.kind) {
      case 'clear':
        this.alias = await this.move(step.version, {});
        return undefined;
      case 'pin': {
        const { codeSha256 } = this.latest;
        const { version } = await this.publish(codeSha256, '');
        this.alias = await this.move(version, {});
        this.latest = await waitUntilReady(api, this.effects);
        return undefined;
      }
      case 'upload':
        await this.upload(await request.provideCode(step.through));
        return undefined;
      case 'publish': {
        const published = await this.publish(
          request.codeSha256,
          describeVersion(request.commit),
        );
        this.candidate = published.version;
        await waitUntilReady(api, this.effects, {
          version: published.version,
        });
        return undefined;
      }
      case 'resume':
        this.candidate = step.version;
        return undefined;
      case 'smoke':
        return this.takeBackOnFailure(() =>
          smoke(api, request.watch, this.wanted()),
        );
      case 'create':
        this.alias = await makeAlias(api, {
          version: this.wanted(),
          weights: {},
          description: this.description(this.wanted()),
        });
        return undefined;
      case 'shift':
        return this.takeBackOnFailure(() => this.shift(step.shift));
    }
  }

  /** The version that is to have the traffic. */
  private wanted(): string {
    if (this.candidate === undefined) throw new Error('nothing is published');
    return this.candidate;
  }

  private async upload(code: CodeLocation): Promise<void> {
    const { api, request, effects } = this;
    try {
      await api.updateCode(code, this.latest.revisionId);
    } catch (error) {
      // The answer to an earlier try may be lost, or Lambda may be at work: what counts is what is there.
      if (!isStaleRevision(error) && !isConflict(error)) throw error;
      const now = await waitUntilReady(api, effects);
      if (now.codeSha256 !== request.codeSha256) throw changedMeanwhile(api);
    }
    this.latest = await waitUntilReady(api, effects);
    if (this.latest.codeSha256 === request.codeSha256) return;
    throw new LambdaPyError({
      location: this.latest.arn,
      problem: 'Lambda has other code than the zip that was uploaded',
      found: `CodeSha256 ${this.latest.codeSha256}`,
      expected: request.codeSha256,
      mend: 'see who deploys besides you, then run the target again; the alias was not moved',
    });
  }

  private async publish(
    codeSha256: string,
    description: string,
  ): Promise<PublishedVersion> {
    const { api, effects } = this;
    for (let tries = 1; ; tries += 1) {
      try {
        const { revisionId } = this.latest;
        return await api.publishVersion({
          codeSha256,
          revisionId,
          description,
        });
      } catch (error) {
        if (!isStaleRevision(error) && !isConflict(error)) throw error;
        // Lambda itself changes the revision when it has finished an update.
        this.latest = await waitUntilReady(api, effects);
        if (this.latest.codeSha256 !== codeSha256 || tries === MOST_TRIES) {
          throw changedMeanwhile(api);
        }
      }
    }
  }

  private async shift({ percents, intervalSeconds }: Shift): Promise<void> {
    const { api, request, effects } = this;
    const version = this.wanted();
    for (const percent of percents) {
      effects.checkInterrupted();
      if (percent < 100) {
        const from = this.alias?.version ?? '';
        this.alias = await this.move(from, { [version]: percent / 100 });
        effects.log(`  ${percent} % to version ${version}`);
        await watchAlarms(api, request.watch, intervalSeconds, effects);
      } else {
        this.alias = await this.move(version, {}, version);
        effects.log(`  all to version ${version}`);
        await watchAlarms(api, request.watch, 0, effects);
        await smoke(api, request.watch, api.aliasName);
      }
    }
  }

  /** Moves the alias; its history goes on where the version is a released one. */
  private async move(
    version: string,
    weights: Readonly<Record<string, number>>,
    released?: string,
  ): Promise<AliasState> {
    const current = this.alias;
    if (current === undefined) throw new Error('there is no alias');
    return moveAlias(this.api, current, {
      version,
      weights,
      description:
        released === undefined
          ? current.description
          : this.description(released),
    });
  }

  private description(version: string): string {
    const { alias, request, effects } = this;
    const before =
      alias === undefined
        ? []
        : readHistory(alias.description, alias.version).versions;
    return formatHistory({
      versions: [version, ...before],
      ...(request.commit === undefined ? {} : { commit: request.commit }),
      time: new Date(effects.now()).toISOString().replace(/\.\d+/, ''),
    });
  }

  /** Where a step fails, the alias gets the version back that it had, whatever has failed. */
  private async takeBackOnFailure(
    step: () => Promise<void>,
  ): Promise<ReleaseResult | undefined> {
    const before = this.alias;
    try {
      await step();
      return undefined;
    } catch (error) {
      if (before !== undefined) await this.takeBack(before, error);
      if (!(error instanceof UnfitVersionError)) throw error;
      return {
        status: 'rolled-back',
        version: before?.version ?? '',
        reason: error.message,
      };
    }
  }

  private async takeBack(before: AliasState, cause: unknown): Promise<void> {
    const { api, effects } = this;
    const version = this.wanted();
    try {
      const now = await api.readAlias();
      if (now === undefined) return;
      const isOurs = now.version === version || version in now.weights;
      const isWhole = Object.keys(now.weights).length === 0;
      // Nothing was moved yet, or somebody else has moved it elsewhere.
      if (!isOurs || (isWhole && now.version === before.version)) return;
      effects.log(`take ${api.aliasName} back to version ${before.version}`);
      await moveAlias(api, now, {
        version: before.version,
        weights: {},
        description: before.description,
      });
    } catch (error) {
      throw new LambdaPyError(
        {
          location: `alias ${api.aliasName} of ${api.functionName}`,
          problem: `the release failed, and the alias could not be taken back to version ${before.version}`,
          found: `${messageOf(cause)}\nthen: ${messageOf(error)}`,
          mend: `run the target "rollback" with --to=${before.version}`,
        },
        { cause: error },
      );
    }
  }
}

const MOST_TRIES = 5;

function describeVersion(commit: string | undefined): string {
  return commit === undefined ? 'lambda-py' : `lambda-py: commit ${commit}`;
}

function changedMeanwhile(api: FunctionApi): LambdaPyError {
  return new LambdaPyError({
    location: api.functionName,
    problem: 'somebody else has changed the function meanwhile',
    mend: 'see who deploys besides you, then run the target again; the alias was not moved',
  });
}
