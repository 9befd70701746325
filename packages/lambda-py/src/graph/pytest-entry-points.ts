import {
  folderInWorkspace,
  productionFiles,
  standInsForClosure,
} from './inputs';
import type { Inputs } from './inputs';
import type { PythonProject } from './python-workspace';
import type { JudgedProject } from './requirements-freshness';

/**
 * The members that every pytest of the environment loads: those with an entry point `pytest11`
 * (https://docs.pytest.org/en/stable/how-to/writing_plugins.html#making-your-plugin-installable-by-others), and what they
 * depend on.
 *
 * @param projects - all members
 * @returns their names
 */
export function loadedByEveryTest(
  projects: readonly Pick<
    PythonProject,
    'name' | 'dependencyNames' | 'lockedNames' | 'isPytestPlugin'
  >[],
): ReadonlySet<string> {
  const loaded = new Set(
    projects
      .filter(({ isPytestPlugin }) => isPytestPlugin)
      .map(({ name }) => name),
  );
  if (loaded.size === 0) return loaded;
  const members = new Map(projects.map((project) => [project.name, project]));
  // A set gives out what is added to it meanwhile.
  for (const name of loaded) {
    const { dependencyNames = [], lockedNames = [] } = members.get(name) ?? {};
    for (const dependency of [...dependencyNames, ...lockedNames]) {
      if (members.has(dependency)) loaded.add(dependency);
    }
  }
  return loaded;
}

/**
 * What these members are made from, as inputs of every test. Edges would have it all typechecked and packed again too,
 * and would close a circle with each library that a plugin depends on: Nx refuses targets that depend on their like
 * (`^build`) then.
 *
 * @param projects - all members
 * @returns inputs of Nx; none where no member is a plugin
 */
export function inputsOfEveryTest(projects: readonly JudgedProject[]): Inputs {
  const names = loadedByEveryTest(projects);
  const loaded = projects.filter(({ name }) => names.has(name));
  return [
    ...new Set([
      ...loaded.flatMap(({ projectRoot, isSourceLayout, hasReadme }) =>
        productionFiles({ isSourceLayout, hasReadme, isStack: false }).map(
          (file) =>
            file.replace('{projectRoot}', folderInWorkspace(projectRoot)),
        ),
      ),
      // Their requirements.txt is among those files.
      ...loaded.flatMap(standInsForClosure),
    ]),
  ];
}
