/** An archive that was found is damaged, or has gone: it has to be made again. */
export class UnusableArchiveError extends Error {
  override name = 'UnusableArchiveError';
}
