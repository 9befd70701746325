/** The sync generators of the targets that read locked requirements. */
export const SYNC_GENERATORS = ['lambda-py:sync'];
