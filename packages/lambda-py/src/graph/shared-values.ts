/** Gives the value that was made for a key before, or makes it. */
export type ShareValue = <Value>(
  makeValue: () => Value,
  ...key: readonly unknown[]
) => Value;

/**
 * Lets equal parts of many nodes be one object. Nx sends nodes from the plugin's process to its own with V8's structured
 * serialisation, which writes an object once however often it is referred to: most of a node are targets, and a thousand
 * services have a handful of kinds of them.
 *
 * @returns a function that shares values for as long as it is held; what it gives must not be changed
 */
export function openSharedValues(): ShareValue {
  const values = new Map<string, unknown>();
  return <Value>(makeValue: () => Value, ...key: readonly unknown[]): Value => {
    const text = JSON.stringify(key);
    if (!values.has(text)) values.set(text, makeValue());
    return values.get(text) as Value;
  };
}
