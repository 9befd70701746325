/** What Lambda says of a function, or of one of its versions. */
export interface FunctionState {
  readonly arn: string;
  /** The SHA-256 of the zip in base64. */
  readonly codeSha256: string;
  /** Changes with every update; one that is passed on refuses an update of what somebody else has changed meanwhile. */
  readonly revisionId: string;
  /** False while Lambda still works on an update, or on a new version. */
  readonly isReady: boolean;
  /** Why Lambda gave an update up; none where it did not. */
  readonly failure?: string;
}

/** Where an alias sends invocations. */
export interface AliasTarget {
  /** The main version. */
  readonly version: string;
  /** Further versions, each with its share of the invocations, from 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** At most 256 characters. */
  readonly description: string;
}

/** An alias as it stands. */
export interface AliasState extends AliasTarget {
  readonly revisionId: string;
}

/** A published version, which never changes. */
export interface PublishedVersion {
  readonly version: string;
  readonly codeSha256: string;
  readonly description: string;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** Where Lambda takes a zip from. */
export type CodeLocation =
  | { readonly zip: Uint8Array }
  | { readonly bucket: string; readonly key: string };

/** How a function answered. */
export interface InvocationAnswer {
  /** Lambda's name for how it failed, `Unhandled`; none where it did not. */
  readonly functionError?: string;
  readonly payload: string;
}

/**
 * What a release needs of AWS, for one function and one alias: each method is one step that may fail, may be done though
 * its answer is lost, and may be the last thing that this process does.
 */
export interface FunctionApi {
  readonly functionName: string;
  readonly aliasName: string;
  /** Reads `$LATEST`, or a version. */
  readFunction(version?: string): Promise<FunctionState>;
  /** Reads the alias; `undefined` where there is none. */
  readAlias(): Promise<AliasState | undefined>;
  /** Every published version, oldest first. */
  listVersions(): Promise<readonly PublishedVersion[]>;
  updateCode(code: CodeLocation, revisionId: string): Promise<FunctionState>;
  /** Makes `$LATEST` a version; the newest one where nothing has changed since. */
  publishVersion(request: {
    readonly codeSha256: string;
    readonly revisionId: string;
    readonly description: string;
  }): Promise<PublishedVersion>;
  createAlias(target: AliasTarget): Promise<AliasState>;
  updateAlias(target: AliasTarget, revisionId: string): Promise<AliasState>;
  /** Invokes a version or an alias, and waits for the answer. */
  invoke(qualifier: string, payload: string): Promise<InvocationAnswer>;
  /** The state of alarms by name, `OK`, `ALARM` or `INSUFFICIENT_DATA`; one that does not exist is left out. */
  readAlarms(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
