import { projectFinder, separateProjects } from './separate-projects';

describe('separateProjects', () => {
  it('leaves out projects that hold another one, or stand in one', () => {
    expect(
      separateProjects(['libs/a', 'libs/a/inner', 'libs/ab', 'services/a']),
    ).toEqual(['libs/ab', 'services/a']);
    expect(separateProjects(['.', 'libs/a'])).toEqual([]);
  });
});

describe('projectFinder', () => {
  it.each([
    ['/work/libs/a/src/x.py', 'libs/a'],
    ['libs/a/x.py', 'libs/a'],
    ['/work/libs/ab/x.py', undefined],
    ['/elsewhere/libs/a/x.py', undefined],
  ])('%s belongs to %p', (file, project) => {
    expect(projectFinder('/work', ['libs/a'])(file)).toBe(project);
  });
});
