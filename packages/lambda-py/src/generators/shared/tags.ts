/**
 * Splits Nx tags as a user types them.
 *
 * @param tags - separated by commas: `scope:orders, type:service`
 * @returns the tags, in order, without empty ones
 */
export function parseTags(tags: string | undefined): readonly string[] {
  return (tags ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}
