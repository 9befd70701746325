import { lockText } from '../../testing/lock-files';
import { parseLockFile } from '../../workspace/lock-file';
import { preloadedInCommon } from './preloaded';

const member = (name: string, dependencies: readonly string[]) => ({
  name,
  source: `{ editable = "services/${name}" }`,
  lines: [
    `dependencies = [${dependencies.map((one) => `{ name = "${one}" }`).join(', ')}]`,
  ],
});

describe('preloadedInCommon', () => {
  it('names modules that half of the projects have, at whatever depth', () => {
    const lock = parseLockFile(
      lockText([
        member('a', ['boto3', 'kit']),
        member('b', ['kit', 'httpx']),
        member('c', ['boto3', 'pyyaml']),
        member('d', []),
        {
          name: 'kit',
          source: '{ editable = "libs/kit" }',
          lines: ['dependencies = [{ name = "pydantic" }]'],
        },
        { name: 'boto3' },
        { name: 'httpx' },
        { name: 'pyyaml' },
        { name: 'pydantic' },
      ]),
    );
    const { modules, plugins } = preloadedInCommon(lock, ['a', 'b', 'c', 'd']);
    expect(modules).toEqual(expect.arrayContaining(['boto3', 'pydantic.main']));
    // One of four has it, and httpx is not worth it.
    expect(modules).not.toEqual(expect.arrayContaining(['yaml']));
    expect(modules.join(' ')).not.toContain('httpx');
    expect(plugins).toEqual({});
  });

  it('names plugins of pytest, which the toolchain has', () => {
    const lock = parseLockFile(
      lockText(
        [member('a', []), member('b', []), { name: 'pytest-cov' }],
        ['[manifest.dependency-groups]', 'dev = [{ name = "pytest-cov" }]'],
      ),
    );
    expect(preloadedInCommon(lock, ['a', 'b'])).toEqual({
      modules: [],
      plugins: { 'pytest-cov': ['pytest_cov.plugin', 'pytest_cov.engine'] },
    });
  });
});
