/** An import, with those that it caused. */
export interface ImportTime {
  /** The module; empty for the root. */
  readonly name: string;
  /** What running the module took by itself, in ms. */
  readonly selfMs: number;
  /** That, and the imports below. */
  readonly cumulativeMs: number;
  readonly children: readonly ImportTime[];
}

/** What a package costs, with all its modules. */
export interface PackageCost {
  /** The first part of the modules' names. */
  readonly name: string;
  /** What running its own modules took, in ms. */
  readonly selfMs: number;
  /** That, and all that its modules import, where it is this package that imports it first. */
  readonly cumulativeMs: number;
  /** The module that imported it first; none where the interpreter did. */
  readonly importer?: string;
}

// "import time:       123 |        456 |     package.module", after the module's own imports, two spaces a level:
// https://docs.python.org/3/using/cmdline.html#cmdoption-X
const LINE = /^import time:\s*(\d+) \|\s*(\d+) \| ( *)(\S+)$/;

/**
 * Reads what `python -X importtime` prints.
 *
 * @param text - its stderr; other lines are passed over
 * @returns the imports as a tree
 */
export function parseImportTimes(text: string): ImportTime {
  // The imports of each depth that wait for the one that caused them.
  const waiting: ImportTime[][] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, self, cumulative, indent, name] = LINE.exec(line) ?? [];
    if (name === undefined || indent === undefined) continue;
    const depth = Math.floor(indent.length / 2);
    const children = waiting.splice(depth + 1).flat();
    (waiting[depth] ??= []).push({
      name,
      selfMs: Number(self) / 1000,
      cumulativeMs: Number(cumulative) / 1000,
      children,
    });
    for (let level = 0; level < depth; level += 1) waiting[level] ??= [];
  }
  const children = waiting.flat();
  return {
    name: '',
    selfMs: 0,
    cumulativeMs: children.reduce((sum, child) => sum + child.cumulativeMs, 0),
    children,
  };
}

/**
 * Sums imports up by package.
 *
 * @param root - the imports
 * @returns the packages, the costliest first
 */
export function sumPackages(root: ImportTime): PackageCost[] {
  const costs = new Map<
    string,
    { selfMs: number; cumulativeMs: number; importer?: string }
  >();
  const visit = (node: ImportTime, importers: readonly string[]): void => {
    const name = packageOf(node.name);
    const importer = importers.at(-1);
    const cost = costs.get(name) ?? {
      selfMs: 0,
      cumulativeMs: 0,
      ...(importer === undefined ? {} : { importer }),
    };
    cost.selfMs += node.selfMs;
    if (!importers.some((one) => packageOf(one) === name))
      cost.cumulativeMs += node.cumulativeMs;
    costs.set(name, cost);
    for (const child of node.children) visit(child, [...importers, node.name]);
  };
  for (const child of root.children) visit(child, []);
  return [...costs]
    .map(([name, cost]) => ({ name, ...cost }))
    .sort((one, other) => other.cumulativeMs - one.cumulativeMs);
}

/**
 * The package of a module.
 *
 * @param module - its full name
 * @returns the first part
 */
export function packageOf(module: string): string {
  return module.split('.', 1)[0] ?? '';
}

/** What a module of the project imports from outside of it. */
export interface ForeignImport {
  readonly importer: string;
  /** The package that is imported. */
  readonly name: string;
  /** Of the imports that are the first of what they load, in ms. */
  readonly cumulativeMs: number;
  /** The costliest package that comes with it, where that is most of the cost. */
  readonly mostly?: string;
}

/**
 * Finds what the project's own modules import from outside of the project.
 *
 * @param root - the imports
 * @param own - the project's packages
 * @returns an entry for each pair of module and package
 */
export function foreignImports(
  root: ImportTime,
  own: ReadonlySet<string>,
): ForeignImport[] {
  const found = new Map<string, ImportTime[]>();
  const visit = (node: ImportTime): void => {
    for (const child of node.children) {
      if (own.has(packageOf(child.name))) visit(child);
      else if (own.has(packageOf(node.name))) {
        const key = `${node.name} ${packageOf(child.name)}`;
        found.set(key, [...(found.get(key) ?? []), child]);
      } else visit(child);
    }
  };
  visit(root);
  return [...found].map(([key, nodes]) => {
    const [importer = '', name = ''] = key.split(' ');
    const cumulativeMs = nodes.reduce((sum, one) => sum + one.cumulativeMs, 0);
    const [costliest] = sumPackages({
      name: '',
      selfMs: 0,
      cumulativeMs,
      children: nodes,
    }).filter((cost) => cost.name !== name);
    return {
      importer,
      name,
      cumulativeMs,
      ...(costliest !== undefined && costliest.cumulativeMs > cumulativeMs / 2
        ? { mostly: costliest.name }
        : {}),
    };
  });
}

/**
 * Finds the imports of a module, wherever they are in the tree.
 *
 * @param root - the imports
 * @param name - the module's full name
 * @returns the import that ran it; `undefined` where nothing imports it
 */
export function findImport(
  root: ImportTime,
  name: string,
): ImportTime | undefined {
  for (const child of root.children) {
    const found = child.name === name ? child : findImport(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
