import { failureOf } from '../testing/errors';
import {
  isForProduction,
  leftOutWarning,
  needOf,
  requireNoneOf,
} from './left-out';
import type { LeftOut } from './left-out';

const found = (
  pathInProject: string,
  reason: LeftOut['reason'] = 'link',
): LeftOut => ({
  path: `libs/kit/${pathInProject}`,
  pathInProject,
  reason,
  ...(reason === 'link' ? { target: 'shared/x' } : {}),
});
const KIT = { name: 'kit', projectRoot: 'libs/kit' };

describe('needOf', () => {
  const SOURCE_LAYOUT = { isSourceLayout: true, hasReadme: false };
  const ANY_LAYOUT = { isSourceLayout: false, hasReadme: false };

  it.each([
    ['src/kit/limits.py', 'needed', 'needed'],
    ['pyproject.toml', 'needed', 'needed'],
    ['LICENSE', 'needed', 'needed'],
    ['README.md', 'never', 'needed'],
    ['Makefile', 'perhaps', 'needed'],
    ['ruff.toml', 'never', 'needed'],
    ['tests/data', 'never', 'perhaps'],
    ['docs', 'never', 'perhaps'],
    ['.python-version', 'never', 'perhaps'],
  ])('of the link %s is "%s", or "%s"', (path, inSource, elsewhere) => {
    expect(needOf(found(path), SOURCE_LAYOUT)).toBe(inSource);
    expect(needOf(found(path), ANY_LAYOUT)).toBe(elsewhere);
  });

  it('goes by the readme', () => {
    expect(
      needOf(found('README.md'), { ...SOURCE_LAYOUT, hasReadme: true }),
    ).toBe('needed');
  });

  it('stops for another project only where the modules are', () => {
    const at = (path: string) => found(path, 'project');
    expect(needOf(at('src/kit/web'), SOURCE_LAYOUT)).toBe('needed');
    expect(needOf(at('web'), SOURCE_LAYOUT)).toBe('never');
    expect(needOf(at('web'), ANY_LAYOUT)).toBe('perhaps');
  });

  it('tells of modules that are ignored', () => {
    expect(needOf(found('src/kit/a.py', 'ignored'), SOURCE_LAYOUT)).toBe(
      'perhaps',
    );
    expect(needOf(found('src/kit/a.log', 'ignored'), SOURCE_LAYOUT)).toBe(
      'never',
    );
  });
});

it('knows what may be left out of production', () => {
  expect(isForProduction('src/kit/docs/a.md')).toBe(true);
  expect(isForProduction('docs/a.md')).toBe(false);
  expect(isForProduction('local.env')).toBe(false);
});

it('names what is not packed, and why', () => {
  expect(leftOutWarning(found('a.py', 'ignored'), 'kit')).toBe(
    'libs/kit/a.py is not packed: git, .ignore or .nxignore ignores it, so Nx cannot see it change; have it tracked if kit needs it',
  );
  expect(leftOutWarning(found('Makefile'), 'kit')).toContain(
    'libs/kit/Makefile is not packed: it is a symbolic link to shared/x,',
  );
  expect(leftOutWarning(found('web', 'project'), 'kit')).toContain(
    'libs/kit/web is not packed: it is another project of Nx,',
  );
});

describe('requireNoneOf', () => {
  it('says nothing of nothing', () => {
    expect(() => {
      requireNoneOf([], KIT);
    }).not.toThrow();
  });

  it('names every link, and then every project', () => {
    const project = found('src/kit/web', 'project');
    const refused = [project, found('src/kit/a.py'), found('src/kit/b.py')];
    const failure = failureOf(() => {
      requireNoneOf(refused, KIT);
    });
    expect(failure).toContain('libs/kit/src/kit/a.py: a source is a symbolic');
    expect(failure).toContain(
      'libs/kit/src/kit/a.py -> shared/x, libs/kit/src/kit/b.py -> shared/x\n',
    );
    expect(
      failureOf(() => {
        requireNoneOf([project], KIT);
      }),
    ).toContain('libs/kit/src/kit/web: the folder is another project of Nx');
  });
});
