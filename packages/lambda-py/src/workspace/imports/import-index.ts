/** A member of the workspace, as others import it. */
export interface ImportableMember {
  /** The member's name. */
  readonly name: string;
  /** See `importNamesOf`. */
  readonly importNames: readonly string[];
}

/** Who offers what to import. */
export interface ImportIndex {
  /**
   * The import names that a member may use without having declared who offers them.
   *
   * @param member - the member's name
   * @param declared - the members that it has declared
   * @param mentioned - top-level names: see `mentionedNames`
   * @returns dotted names of others: what the member offers itself is its own, whoever offers it too
   */
  undeclared(
    member: string,
    declared: ReadonlySet<string>,
    mentioned: Iterable<string>,
  ): readonly string[];
  /** The members that offer an import name: more than one is a mistake, but not this product's to judge. */
  ownersOf(importName: string): readonly string[];
}

/**
 * Makes an index of what the members of the workspace offer.
 *
 * A member wins over a third party's distribution with the same import name: the shared environment holds it.
 *
 * @param members - all of them
 * @returns the index
 */
export function indexImports(
  members: readonly ImportableMember[],
): ImportIndex {
  const owners = new Map<string, string[]>();
  const namesByTop = new Map<string, string[]>();
  for (const { name, importNames } of members) {
    for (const importName of importNames) {
      const known = owners.get(importName);
      if (known === undefined) {
        owners.set(importName, [name]);
        append(namesByTop, topLevelOf(importName), importName);
      } else known.push(name);
    }
  }
  const ownersOf = (importName: string): readonly string[] =>
    owners.get(importName) ?? NONE;
  const owns = (member: string, importName: string): boolean =>
    prefixesOf(importName).some((prefix) => ownersOf(prefix).includes(member));
  return {
    ownersOf,
    undeclared(member, declared, mentioned) {
      const found: string[] = [];
      // Of a large workspace's files, nearly every name is none of a member's: no array is made for it.
      for (const top of mentioned) {
        for (const importName of namesByTop.get(top) ?? NONE) {
          const isDeclared = ownersOf(importName).every((owner) =>
            declared.has(owner),
          );
          if (!isDeclared && !owns(member, importName)) found.push(importName);
        }
      }
      return found;
    },
  };
}

const NONE: readonly string[] = [];

/** The part of a dotted name before its first dot. */
export function topLevelOf(importName: string): string {
  return importName.split('.', 1)[0] ?? importName;
}

/** `a.b.c` gives `a`, `a.b` and `a.b.c`. */
function prefixesOf(importName: string): readonly string[] {
  const parts = importName.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

function append(
  lists: Map<string, string[]>,
  key: string,
  value: string,
): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
