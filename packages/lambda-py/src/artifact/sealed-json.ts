import type { ArtifactCache } from './artifact-cache';
import { seal, unseal } from './sealed-file';

/**
 * Reads what {@link storeJson} has kept.
 *
 * @param cache - where
 * @param key - under which key
 * @returns the value, which is not checked further: its seal says that these are bytes which were written here;
 * `undefined` where there is none, or a damaged one
 */
export function loadJson(cache: ArtifactCache, key: string): unknown {
  const file = cache.load(key);
  const content = file === undefined ? undefined : unseal(file);
  return content === undefined ? undefined : JSON.parse(content.toString());
}

/**
 * Keeps a value as JSON, with a seal by which damage is noticed.
 *
 * @param cache - where
 * @param key - under which key
 * @param value - anything that JSON has
 */
export function storeJson(
  cache: ArtifactCache,
  key: string,
  value: unknown,
): void {
  cache.store(key, ...seal(Buffer.from(JSON.stringify(value))));
}
