import { DIRECT_UPLOAD_LIMIT_BYTES } from '../artifact/limits';
import type { AliasState, FunctionState } from './function-api';
import { restOfShift } from './shift';
import type { Shift } from './shift';

/** What is to be released. */
export interface WantedRelease {
  /** The SHA-256 of the zip in base64. */
  readonly codeSha256: string;
  readonly zipBytes: number;
  readonly shift: Shift;
  /** True where there is an event that every new version has to answer. */
  readonly hasSmoke: boolean;
  /** A version that was published already, with its configuration: the alias has to go there whatever its code is. */
  readonly publishedVersion?: string;
}

/** What is there. */
export interface ObservedFunction {
  /** `$LATEST`. */
  readonly latest: FunctionState;
  /** None before the first release. */
  readonly alias?: AliasState;
  /** The SHA-256 of each version that the alias names, in base64. */
  readonly versionSha256: Readonly<Record<string, string>>;
}

/** A step of a release; each can be the last one that is done, and the next run goes on from there. */
export type ReleaseStep =
  /** Take an interrupted shift to another version back. */
  | { readonly kind: 'clear'; readonly version: string }
  /** An alias on `$LATEST` would follow the upload: give it a version first. */
  | { readonly kind: 'pin' }
  | {
      readonly kind: 'upload';
      readonly through: 'direct' | 's3';
      readonly bytes: number;
    }
  | { readonly kind: 'publish' }
  /** Go on with a version that was published by an interrupted run. */
  | { readonly kind: 'resume'; readonly version: string }
  | { readonly kind: 'smoke' }
  | { readonly kind: 'create' }
  | {
      readonly kind: 'shift';
      readonly from: string;
      readonly shift: Shift;
    };

/** The version of an alias that has none of its own. */
export const LATEST = '$LATEST';

/**
 * Decides what a release has to do, from what is there: nothing where the alias has the code already, and the rest where
 * an earlier run was interrupted.
 *
 * @param observed - what is there
 * @param wanted - what is to be released
 * @returns the steps, in order
 */
export function planRelease(
  { latest, alias, versionSha256 }: ObservedFunction,
  wanted: WantedRelease,
): readonly ReleaseStep[] {
  const smoke: readonly ReleaseStep[] = wanted.hasSmoke
    ? [{ kind: 'smoke' }]
    : [];
  const { publishedVersion } = wanted;
  const isWanted = (version: string): boolean =>
    publishedVersion === undefined
      ? versionSha256[version] === wanted.codeSha256
      : version === publishedVersion;
  const weights = Object.entries(alias?.weights ?? {});
  if (alias !== undefined && alias.version !== LATEST) {
    const clear: ReleaseStep = { kind: 'clear', version: alias.version };
    if (isWanted(alias.version)) return weights.length === 0 ? [] : [clear];
    const [only] = weights;
    if (only !== undefined && weights.length === 1 && isWanted(only[0])) {
      const shift = restOfShift(wanted.shift, only[1]);
      return [
        { kind: 'resume', version: only[0] },
        ...smoke,
        { kind: 'shift', from: alias.version, shift },
      ];
    }
  }
  const upload: readonly ReleaseStep[] =
    latest.codeSha256 === wanted.codeSha256 && latest.failure === undefined
      ? []
      : [
          {
            kind: 'upload',
            through:
              wanted.zipBytes > DIRECT_UPLOAD_LIMIT_BYTES ? 's3' : 'direct',
            bytes: wanted.zipBytes,
          },
        ];
  const publish: readonly ReleaseStep[] =
    publishedVersion === undefined
      ? [...upload, { kind: 'publish' }, ...smoke]
      : [{ kind: 'resume', version: publishedVersion }, ...smoke];
  if (alias === undefined) return [...publish, { kind: 'create' }];
  // An alias on $LATEST has no weights: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
  if (alias.version === LATEST) {
    return upload.length === 0
      ? [...publish, { kind: 'shift', from: LATEST, shift: AT_ONCE }]
      : [
          { kind: 'pin' },
          ...publish,
          { kind: 'shift', from: LATEST, shift: wanted.shift },
        ];
  }
  return [
    ...(weights.length === 0
      ? []
      : [{ kind: 'clear', version: alias.version } as const]),
    ...publish,
    { kind: 'shift', from: alias.version, shift: wanted.shift },
  ];
}

const AT_ONCE: Shift = { percents: [100], intervalSeconds: 0 };

/**
 * Says a step in words.
 *
 * @param step - the step
 * @param names - of the function and its alias
 * @returns one line
 */
export function describeStep(
  step: ReleaseStep,
  { aliasName }: { readonly aliasName: string },
): string {
  switch (step.kind) {
    case 'clear':
      return `take an interrupted shift back: all of ${aliasName} to version ${step.version}`;
    case 'pin':
      return `publish the code that ${aliasName} runs, and point it there`;
    case 'upload':
      return `upload ${(step.bytes / 1e6).toFixed(1)} MB ${step.through === 's3' ? 'through S3' : 'directly'}`;
    case 'publish':
      return 'publish a version';
    case 'resume':
      return `go on with version ${step.version}`;
    case 'smoke':
      return 'invoke the new version';
    case 'create':
      return `make the alias ${aliasName}`;
    case 'shift':
      return `shift ${aliasName} ${step.from === LATEST ? '' : `from version ${step.from} `}${describeShift(step.shift)}`;
  }
}

function describeShift({ percents, intervalSeconds }: Shift): string {
  return percents.length === 1
    ? 'at once'
    : `by ${percents.join(', ')} percent, every ${intervalSeconds} s`;
}
