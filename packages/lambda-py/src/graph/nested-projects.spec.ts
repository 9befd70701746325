import { nestedProjects } from './nested-projects';

describe('nestedProjects', () => {
  it('finds those below another one, however deep', () => {
    expect(
      nestedProjects(['a', 'a/b/c', 'a/b/c/d', 'a-b', 'ab/c', 'e/f']),
    ).toEqual(
      new Map([
        ['a', ['a/b/c', 'a/b/c/d']],
        ['a/b/c', ['a/b/c/d']],
      ]),
    );
  });

  it('takes the root for what holds everything', () => {
    expect(nestedProjects(['.', 'libs/a', 'libs/b'])).toEqual(
      new Map([['.', ['.']]]),
    );
    expect(nestedProjects(['.'])).toEqual(new Map());
  });
});
