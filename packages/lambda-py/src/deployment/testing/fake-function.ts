import { createHash } from 'node:crypto';

/** An error as Lambda answers with. */
export class LambdaFault extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string = type,
  ) {
    super(message);
  }
}

/** The fields of an alias that a request sends. */
interface AliasInput {
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RoutingConfig?: {
    readonly AdditionalVersionWeights?: Readonly<Record<string, number>>;
  };
  readonly RevisionId?: string;
}

interface Code {
  readonly sha256: string;
  readonly isBroken: boolean;
}

/**
 * A function of Lambda's, as strict as Lambda: revisions, updates that take a while, and new revisions when they are done.
 *
 * Code that contains the text `broken` fails on every event. Whatever the alias is moved to is judged at once.
 */
export class FakeFunction {
  static readonly arn =
    'arn:aws:lambda:eu-central-1:123456789012:function:orders';

  readonly versions = new Map<
    string,
    Code & { readonly description: string }
  >();
  /** Each state in which the alias has sent invocations where they fail. */
  readonly violations: string[] = [];
  alias:
    | {
        version: string;
        weights: Readonly<Record<string, number>>;
        description: string;
        revision: string;
      }
    | undefined;
  uploads = 0;
  private latest: Code;
  private revision = 'r0';
  private publishedRevision: string | undefined;
  private revisions = 0;
  /** How many reads find the function, or a new version, still at work. */
  private pendingReads = 0;

  constructor(code: string) {
    this.latest = codeOf(Buffer.from(code));
  }

  /** Gives it version 1, of the code that it has, and an alias that points there. */
  withAlias(version?: string): this {
    const published = version ?? this.publish({}).version;
    this.alias = {
      version: published,
      weights: {},
      description: '',
      revision: this.nextRevision(),
    };
    return this;
  }

  /** `GetFunctionConfiguration` */
  configuration(qualifier = '$LATEST'): object {
    const isPending = this.pendingReads > 0;
    if (isPending) {
      this.pendingReads -= 1;
      // As Lambda does: what has finished has another revision.
      if (this.pendingReads === 0 && qualifier === '$LATEST') {
        this.revision = this.nextRevision();
      }
    }
    const code = this.codeOfVersion(qualifier);
    return {
      FunctionArn: FakeFunction.arn,
      Version: qualifier,
      CodeSha256: code.sha256,
      RevisionId: this.revision,
      State: isPending ? 'Pending' : 'Active',
      LastUpdateStatus: isPending ? 'InProgress' : 'Successful',
    };
  }

  /** `UpdateFunctionCode` */
  updateCode(zip: Buffer, revision: string | undefined): object {
    if (this.pendingReads > 0) {
      throw new LambdaFault(409, 'ResourceConflictException');
    }
    this.checkRevision(revision, this.revision);
    this.latest = codeOf(zip);
    this.uploads += 1;
    this.revision = this.nextRevision();
    this.pendingReads = 1;
    return {
      FunctionArn: FakeFunction.arn,
      CodeSha256: this.latest.sha256,
      RevisionId: this.revision,
      LastUpdateStatus: 'InProgress',
      State: 'Active',
    };
  }

  /** `PublishVersion` */
  publishVersion(input: {
    readonly CodeSha256?: string;
    readonly RevisionId?: string;
    readonly Description?: string;
  }): object {
    if (this.pendingReads > 0) {
      throw new LambdaFault(409, 'ResourceConflictException');
    }
    this.checkRevision(input.RevisionId, this.revision);
    if (input.CodeSha256 !== this.latest.sha256) {
      throw new LambdaFault(400, 'InvalidParameterValueException');
    }
    const { version } = this.publish(input);
    return { ...this.listed(version), State: 'Pending' };
  }

  private publish({ Description = '' }: { readonly Description?: string }): {
    readonly version: string;
  } {
    const newest = String(this.versions.size);
    if (this.publishedRevision === this.revision) return { version: newest };
    const version = String(this.versions.size + 1);
    this.versions.set(version, { ...this.latest, description: Description });
    this.publishedRevision = this.revision;
    return { version };
  }

  /** `ListVersionsByFunction` */
  listVersions(): object {
    return {
      Versions: [
        { Version: '$LATEST', CodeSha256: this.latest.sha256 },
        ...[...this.versions.keys()].map((version) => this.listed(version)),
      ],
    };
  }

  private listed(version: string): object {
    const code = this.versions.get(version);
    return {
      Version: version,
      CodeSha256: code?.sha256,
      Description: code?.description,
      LastModified: '2026-01-01T00:00:00.000+0000',
    };
  }

  /** `GetAlias` */
  readAlias(): object {
    const { alias } = this;
    if (alias === undefined) {
      throw new LambdaFault(404, 'ResourceNotFoundException');
    }
    return {
      Name: 'live',
      FunctionVersion: alias.version,
      Description: alias.description,
      RevisionId: alias.revision,
      ...(Object.keys(alias.weights).length === 0
        ? {}
        : { RoutingConfig: { AdditionalVersionWeights: alias.weights } }),
    };
  }

  /** `CreateAlias` */
  createAlias(input: AliasInput): object {
    if (this.alias !== undefined) {
      throw new LambdaFault(409, 'ResourceConflictException');
    }
    return this.point(input);
  }

  /** `UpdateAlias` */
  updateAlias(input: AliasInput): object {
    if (this.alias === undefined) {
      throw new LambdaFault(404, 'ResourceNotFoundException');
    }
    this.checkRevision(input.RevisionId, this.alias.revision);
    return this.point(input);
  }

  private point(input: AliasInput): object {
    const version = input.FunctionVersion ?? this.alias?.version ?? '';
    const weights =
      input.RoutingConfig?.AdditionalVersionWeights ??
      this.alias?.weights ??
      {};
    const named = [version, ...Object.keys(weights)];
    if (
      named.some((one) => one !== '$LATEST' && !this.versions.has(one)) ||
      (version === '$LATEST' && named.length > 1)
    ) {
      throw new LambdaFault(400, 'InvalidParameterValueException');
    }
    this.alias = {
      version,
      weights,
      description: input.Description ?? this.alias?.description ?? '',
      revision: this.nextRevision(),
    };
    for (const one of named) {
      if (this.codeOfVersion(one).isBroken) {
        this.violations.push(JSON.stringify(this.alias));
      }
    }
    return this.readAlias();
  }

  /** `Invoke`: throws where the function would. */
  invoke(qualifier: string): string {
    const code = this.codeOfVersion(
      qualifier === 'live' ? (this.alias?.version ?? '') : qualifier,
    );
    if (code.isBroken) throw new Error('the function failed');
    return code.sha256;
  }

  private codeOfVersion(version: string): Code {
    const code =
      version === '$LATEST' ? this.latest : this.versions.get(version);
    if (code === undefined) {
      throw new LambdaFault(404, 'ResourceNotFoundException');
    }
    return code;
  }

  private checkRevision(given: string | undefined, present: string): void {
    if (given === undefined || given === present) return;
    throw new LambdaFault(412, 'PreconditionFailedException');
  }

  private nextRevision(): string {
    this.revisions += 1;
    return `r${this.revisions}`;
  }
}

/**
 * Describes code.
 *
 * @param zip - any bytes
 * @returns its digest as Lambda has it, and whether it works
 */
export function codeOf(zip: Buffer): Code {
  return {
    sha256: createHash('sha256').update(zip).digest('base64'),
    isBroken: zip.includes('broken'),
  };
}
