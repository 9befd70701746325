import { dirname } from 'node:path/posix';
import type { Service } from '../workspace/service';
import type { ArtifactContents } from './artifact-contents';
import { sourcePath } from './bytecode';
import { layersError } from './layers-error';
import { isAlike } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import { entryContent } from './segment';

/** What a layer holds, as far as it is looked at here. */
type LayerContents = Pick<ArtifactContents, 'entries'>;

/**
 * Checks that the layers of a service agree on each file that more than one of them holds: Lambda unpacks them all into
 * /opt, the later one over the earlier one.
 *
 * @param service - the service
 * @param layers - what its layers hold, by their names, in its order
 * @throws a LambdaPyError that names a path on which two of them differ
 */
export function requireLayersAgree(
  service: Service,
  layers: ReadonlyMap<string, LayerContents>,
): void {
  // One layer agrees with itself: its plan has seen to that.
  if (layers.size < 2) return;
  const earlier = new Map<string, { layer: string; one: ArtifactEntry }>();
  for (const [layer, contents] of layers) {
    const differing: { path: string; found: string }[] = [];
    for (const one of contents.entries()) {
      const { path } = one.entry;
      const taken = earlier.get(path);
      if (taken === undefined) earlier.set(path, { layer, one });
      else if (!isAlike(taken.one, one)) {
        const found = `${path} of ${taken.one.segment.name} in ${taken.layer}, and of ${one.segment.name} in ${layer}`;
        differing.push({ path, found });
      }
    }
    // Bytecode differs because its source does, which tells more.
    const [worst] = differing.sort(
      (one, other) => Number(isBytecode(one)) - Number(isBytecode(other)),
    );
    if (worst === undefined) continue;
    throw layersError(service, {
      problem:
        'two layers hold different files of the same path, and Lambda lays the later one over the other',
      found: worst.found,
      mend: 'use only one of the layers, remove one of the distributions from what they depend on, or rename the module where it is of this workspace',
    });
  }
}

/**
 * Checks that a package in the service's zip hides no module of a layer: Python looks into /var/task before it looks into
 * /opt/python, and takes all modules of a package with `__init__.py` from where it finds that.
 *
 * Modules of distributions that the zip holds too are none of these: the service has its own of them.
 *
 * @param service - the service
 * @param own - what its zip holds
 * @param layers - what its layers hold, by their names
 * @throws a LambdaPyError that names a module which could not be imported
 */
export function requireNothingHidden(
  service: Service,
  own: Pick<ArtifactContents, 'distributions' | 'entries' | 'find'>,
  layers: ReadonlyMap<string, LayerContents>,
): void {
  if (layers.size === 0) return;
  const packages = new Map<string, ArtifactEntry>();
  for (const one of own.entries()) {
    const name = PACKAGE.exec(one.entry.path)?.groups?.['name'];
    if (name !== undefined) packages.set(name, one);
  }
  const names = new Set(own.distributions.map(({ name }) => name));
  for (const [layer, contents] of layers) {
    for (const one of contents.entries()) {
      const { path } = one.entry;
      const taken = packages.get(path.slice(0, Math.max(0, path.indexOf('/'))));
      if (taken === undefined || !MODULE.test(path)) continue;
      if (names.has(one.segment.name)) continue;
      const inOwn = own.find(path);
      if (inOwn !== undefined && isAlike(inOwn, one)) continue;
      if (looksFurther(taken)) continue;
      throw layersError(service, {
        problem: `a package in the zip of ${service.projectName} hides modules of the layer ${layer}, which could not be imported`,
        found: `${taken.entry.path} of ${taken.segment.name} in the zip, ${path} of ${one.segment.name} in ${layer}`,
        expected:
          'a package whose modules are all in the zip or all in one layer, or without an __init__.py',
        mend: `have ${layer} depend on ${taken.segment.name} too, or no longer on ${one.segment.name}; or add "${dirname(taken.entry.path)}/**" to "exclude" where no function needs it; or rename the package where it is of this workspace`,
      });
    }
  }
}

/** A regular package at the root of the zip. */
const PACKAGE = /^(?<name>[^/]+)\/__init__\.py$/;

/** What can be imported, but for bytecode, which goes with its source. */
const MODULE = /\.(?:py|so)$/;

/**
 * Packages of before PEP 420 name the folders of their other parts themselves:
 * https://packaging.python.org/en/latest/guides/packaging-namespace-packages/
 */
function looksFurther({ segment, entry }: ArtifactEntry): boolean {
  return /__path__|declare_namespace/.test(
    Buffer.from(entryContent(segment, entry)).toString(),
  );
}

function isBytecode({ path }: { readonly path: string }): boolean {
  return sourcePath(path) !== undefined;
}
