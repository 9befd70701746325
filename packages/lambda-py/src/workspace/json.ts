/**
 * Parses JSON that may be damaged or missing; whoever asks checks the shape of it.
 *
 * @param text - the document, or `undefined`
 * @returns the value; `undefined` where there is none
 */
export function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
