import { formatHistory, readHistory } from './alias-history';
import type { Effects } from './effects';
import type {
  AliasState,
  CodeLocation,
  FunctionApi,
  FunctionState,
  PublishedVersion,
} from './function-api';
import { makeAlias, moveAlias } from './move-alias';
import type {
  ObservedFunction,
  ReleaseStep,
  WantedRelease,
} from './plan-release';
import { publishCode, uploadCode } from './put-code';
import type { Shift } from './shift';
import { takeBack } from './take-back';
import { waitUntilReady } from './wait-until-ready';
import { smoke, UnfitVersionError, watchAlarms } from './watch';
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

/** What is known of a release between its steps, each of which it takes. */
export class ReleaseRun {
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

  /** The version that the alias has, and the one that it had at first. */
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
        this.latest = await uploadCode(api, this.effects, {
          latest: this.latest,
          code: await request.provideCode(step.through),
          codeSha256: request.codeSha256,
        });
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

  private async publish(
    codeSha256: string,
    description: string,
  ): Promise<PublishedVersion> {
    const { latest, published } = await publishCode(this.api, this.effects, {
      latest: this.latest,
      codeSha256,
      description,
    });
    this.latest = latest;
    return published;
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
      if (before !== undefined) {
        const version = this.wanted();
        const failed = { before, version, cause: error };
        await takeBack(this.api, this.effects, failed);
      }
      if (!(error instanceof UnfitVersionError)) throw error;
      return {
        status: 'rolled-back',
        version: before?.version ?? '',
        reason: error.message,
      };
    }
  }
}

function describeVersion(commit: string | undefined): string {
  return commit === undefined ? 'lambda-py' : `lambda-py: commit ${commit}`;
}
