import { DependencyType } from '@nx/devkit';
import { IMPLICIT_DEPENDENCY, STATIC_DEPENDENCY } from './dependency-types';

it("spells the types of dependencies as Nx's enumeration does", () => {
  expect([STATIC_DEPENDENCY, IMPLICIT_DEPENDENCY]).toEqual([
    DependencyType.static,
    DependencyType.implicit,
  ]);
});
