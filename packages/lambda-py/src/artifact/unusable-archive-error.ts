/** An archive that was found is damaged, or has gone: it has to be made again. */
export class UnusableArchiveError extends Error {
  override name = 'UnusableArchiveError';

  constructor() {
    super(
      'an archive was removed or damaged again while it was used: is .nx/lambda-py cleaned by something?',
    );
  }
}

/**
 * Does work that may use archives of earlier packs; where one turns out to be unusable, it does it again without them:
 * they cost time alone.
 *
 * @param work - told whether it may use archives
 * @returns what the work returns
 * @throws an {@link UnusableArchiveError} where those that it has made itself are unusable too
 */
export async function withArchive<Result>(
  work: (isArchiveUsed: boolean) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(true);
  } catch (error) {
    if (!(error instanceof UnusableArchiveError)) throw error;
    return work(false);
  }
}
