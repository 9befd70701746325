import { LambdaPyError } from '../workspace/errors';
import { isConflict, isStaleRevision } from './aws-errors';
import type { Effects } from './effects';
import type {
  CodeLocation,
  FunctionApi,
  FunctionState,
  PublishedVersion,
} from './function-api';
import { waitUntilReady } from './wait-until-ready';

const MOST_TRIES = 5;

/**
 * Uploads code to `$LATEST`, which nobody else has changed since it was read.
 *
 * @param api - AWS
 * @param effects - waits
 * @param upload - `latest`: as it was read; `code`: the zip; `codeSha256`: what Lambda has to have then
 * @returns `$LATEST` as it stands then
 * @throws {@link LambdaPyError} when somebody else has changed the function meanwhile
 */
export async function uploadCode(
  api: FunctionApi,
  effects: Effects,
  upload: {
    readonly latest: FunctionState;
    readonly code: CodeLocation;
    readonly codeSha256: string;
  },
): Promise<FunctionState> {
  const { codeSha256 } = upload;
  try {
    await api.updateCode(upload.code, upload.latest.revisionId);
  } catch (error) {
    // The answer to an earlier try may be lost, or Lambda may be at work: what counts is what is there.
    if (!isStaleRevision(error) && !isConflict(error)) throw error;
    const now = await waitUntilReady(api, effects);
    if (now.codeSha256 !== codeSha256) throw changedMeanwhile(api);
  }
  const latest = await waitUntilReady(api, effects);
  if (latest.codeSha256 === codeSha256) return latest;
  throw new LambdaPyError({
    location: latest.arn,
    problem: 'Lambda has other code than the zip that was uploaded',
    found: `CodeSha256 ${latest.codeSha256}`,
    expected: codeSha256,
    mend: 'see who deploys besides you, then run the target again; the alias was not moved',
  });
}

/**
 * Publishes `$LATEST` as a version, of exactly the code that is named.
 *
 * @param api - AWS
 * @param effects - waits
 * @param request - `latest`: as it was read; `codeSha256`: its code; `description`: the version's
 * @returns the version, and `$LATEST` as it was read last
 * @throws {@link LambdaPyError} when somebody else has changed the function meanwhile
 */
export async function publishCode(
  api: FunctionApi,
  effects: Effects,
  request: {
    readonly latest: FunctionState;
    readonly codeSha256: string;
    readonly description: string;
  },
): Promise<{
  readonly published: PublishedVersion;
  readonly latest: FunctionState;
}> {
  const { codeSha256, description } = request;
  let { latest } = request;
  for (let tries = 1; ; tries += 1) {
    try {
      const { revisionId } = latest;
      return {
        published: await api.publishVersion({
          codeSha256,
          revisionId,
          description,
        }),
        latest,
      };
    } catch (error) {
      if (!isStaleRevision(error) && !isConflict(error)) throw error;
      // Lambda itself changes the revision when it has finished an update.
      latest = await waitUntilReady(api, effects);
      if (latest.codeSha256 !== codeSha256 || tries === MOST_TRIES) {
        throw changedMeanwhile(api);
      }
    }
  }
}

function changedMeanwhile(api: FunctionApi): LambdaPyError {
  return new LambdaPyError({
    location: api.functionName,
    problem: 'somebody else has changed the function meanwhile',
    mend: 'see who deploys besides you, then run the target again; the alias was not moved',
  });
}
