import {
  chmodSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Workspace } from './support/workspace';

describe('bad input', () => {
  let workspace: Workspace;

  const appendTo = (file: string, text: string): void => {
    workspace.write(file, `${workspace.read(file)}${text}`);
  };

  beforeAll(() => {
    workspace = Workspace.create('acme');
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.nx(['generate', 'lambda-py:service', 'orders']);
    workspace.nx([
      'generate',
      'lambda-py:service',
      'billing',
      '--source=direct',
    ]);
    workspace.commit('services');
  });

  afterEach(() => {
    workspace.restore();
  });

  afterAll(() => {
    workspace.remove();
  });

  describe('of a generator', () => {
    it.each([
      ['a character that no name has', ['Orders!'], 'not a valid project name'],
      ['an empty name', ['--name='], 'not a valid project name'],
      ['a path', ['../x'], 'not a valid project name'],
      ['a keyword', ['class'], 'Python keyword'],
      ['a standard module', ['json'], "Python's standard library"],
      ['a dependency', ['tenacity'], 'the name of a dependency'],
      ['a dependency in other words', ['Aws_Lambda-Powertools'], 'dependency'],
      [
        'a name that is taken',
        ['orders', '--directory=services/other'],
        'services/orders/pyproject.toml',
      ],
      [
        'a folder that is taken',
        ['other', '--directory=services/orders'],
        'another project',
      ],
      [
        'a folder outside of the workspace',
        ['other', '--directory=../other'],
        'below the workspace root',
      ],
      [
        'a runtime that Lambda does not have',
        ['other', '--runtime=python2.7'],
        'python3.13',
      ],
      [
        'a runtime that the generated code does not run on',
        ['other', '--runtime=python3.10'],
        'python3.11',
      ],
      ['a source that there is none of', ['other', '--source=ftp'], 'source'],
      ['an option that there is none of', ['other', '--colour=red'], 'colour'],
    ])('refuses %s and writes nothing', (_, args, message) => {
      const { exitCode, output } = workspace.tryNx([
        ...['generate', 'lambda-py:service', ...args, '--no-interactive'],
      ]);

      expect(output).toContain(message);
      expect(exitCode).not.toBe(0);
      expect(workspace.changes()).toBe('');
    });

    it('writes nothing when the package index cannot be reached', () => {
      workspace.replace(
        'pyproject.toml',
        '[tool.uv.workspace]',
        '[[tool.uv.index]]\nurl = "http://127.0.0.1:9/simple"\ndefault = true\n\n[tool.uv.workspace]',
      );
      workspace.commit('an index that nobody answers at');
      const { exitCode, output } = workspace.tryNx(
        ['generate', 'lambda-py:service', 'invoices'],
        {
          UV_HTTP_RETRIES: '0',
          UV_CACHE_DIR: join(workspace.root, '.nx/none'),
        },
      );

      expect(output).toContain('nothing was written');
      expect(output).toContain('--skipLock');
      expect(exitCode).not.toBe(0);
      expect(workspace.changes()).toBe('');
      workspace.expect('git', ['reset', '--quiet', '--hard', 'HEAD~1']);
    });
  });

  describe('of the machine', () => {
    /** A PATH with node and git, and nothing else. */
    const barePath = (...tools: readonly [string, string][]): string => {
      const folder = join(workspace.root, '..', `bin-${Date.now()}`);
      mkdirSync(folder);
      for (const tool of ['git', 'env', 'sh']) {
        symlinkSync(
          workspace.expect('which', [tool]).trim(),
          join(folder, tool),
        );
      }
      symlinkSync(process.execPath, join(folder, 'node'));
      for (const [name, script] of tools) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder, name), 0o755);
      }
      return folder;
    };

    it('names what it needs where there is no Python', () => {
      // The environment's own would do.
      const environment = join(workspace.root, '.venv');
      renameSync(environment, `${environment}-aside`);
      const { exitCode, output } = workspace.tryNx(
        ['generate', 'lambda-py:service', 'invoices'],
        { PATH: barePath(), PYENV_ROOT: '/nowhere' },
      );
      renameSync(`${environment}-aside`, environment);

      expect(output).toContain('no Python 3.11 or later was found');
      expect(exitCode).not.toBe(0);
      expect(workspace.changes()).toBe('');
    });

    it('refuses a uv of LAMBDA_PY_UV that is too old', () => {
      const folder = barePath(['old-uv', 'echo "uv 0.1.0"']);
      const { exitCode, output } = workspace.tryNx(['run', 'orders:lint'], {
        LAMBDA_PY_UV: join(folder, 'old-uv'),
      });

      expect(output).toContain('uv 0.1.0');
      expect(output).toContain('>=0.11.0');
      expect(exitCode).not.toBe(0);
    });

    it('passes over a uv on PATH that is too old', () => {
      const folder = barePath(['uv', 'echo "uv 0.1.0"']);
      workspace.nx(['run', 'orders:lint', '--skip-nx-cache'], {
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      });
    });

    it('says what to do where there is no uv and no index', () => {
      workspace.expect('rm', ['-rf', '.nx/lambda-py']);
      const { exitCode, output } = workspace.tryNx(
        ['generate', 'lambda-py:service', 'invoices'],
        {
          PATH: `${barePath(['uv', 'exit 1'])}:${process.env['PATH'] ?? ''}`,
          PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
          PIP_RETRIES: '0',
          PIP_NO_CACHE_DIR: '1',
        },
      );

      expect(output).toContain('could not be installed');
      expect(output).toContain('docs.astral.sh/uv');
      expect(exitCode).not.toBe(0);
      expect(workspace.changes()).toBe('');
    });
  });

  describe('of a pyproject.toml', () => {
    it.each([
      ['an unknown key', 'colour = "red"', 'colour', 'handler, runtime'],
      ['a wrong type', 'tags = "scope:orders"', 'tags', 'an array of strings'],
    ])('refuses %s', (_, line, found, expected) => {
      workspace.replace(
        'services/orders/pyproject.toml',
        '[tool.lambda-py]\n',
        `[tool.lambda-py]\n${line}\n`,
      );
      for (const target of ['lint', 'pack']) {
        const { exitCode, output } = workspace.tryNx([
          'run',
          `orders:${target}`,
        ]);

        expect(output).toContain('services/orders/pyproject.toml');
        expect(output).toContain(found);
        expect(output).toContain(expected);
        expect(exitCode).not.toBe(0);
      }
    });

    it('refuses an unknown runtime', () => {
      workspace.write(
        'services/orders/pyproject.toml',
        workspace
          .read('services/orders/pyproject.toml')
          .replace(/^runtime = .*$/m, 'runtime = "python4.0"'),
      );
      const { exitCode, output } = workspace.tryNx(['run', 'orders:pack']);

      expect(output).toContain('[tool.lambda-py] runtime');
      expect(output).toContain('"python4.0"');
      expect(output).toContain('"python3.14"');
      expect(exitCode).not.toBe(0);
    });

    it('warns once of one that is not TOML, and all else still works', () => {
      appendTo('services/orders/pyproject.toml', '\n[broken\n');
      const { output } = workspace.tryNx(['show', 'projects']);

      expect(output.match(/not valid TOML/g)).toHaveLength(1);
      expect(output).toMatch(/services\/orders\/pyproject\.toml: line \d+/);
      expect(output).toContain('billing');
      workspace.nx([
        ...['run-many', '--projects=billing', '--skip-nx-cache'],
        '--targets=lint,typecheck,test,pack',
      ]);
      workspace.nx(['run', 'billing:invoke', '--event=good']);
      // It fails in CI rather than vanish from it.
      expect(workspace.tryNx(['run', 'orders:lint']).exitCode).not.toBe(0);
    });
  });

  describe('of pack', () => {
    it.each([
      ['module', 'orders.nowhere.handler', 'orders.nowhere'],
      ['attribute', 'orders.handler.nowhere', 'nowhere'],
    ])('names the %s that the handler lacks', (_, handler, found) => {
      workspace.replace(
        'services/orders/pyproject.toml',
        'orders.handler.handler',
        handler,
      );
      const { exitCode, output } = workspace.tryNx(['run', 'orders:pack']);

      expect(output).toContain(found);
      expect(exitCode).not.toBe(0);
    });

    it('names a dependency that has no wheel for the platform', () => {
      // A distribution that is published as source alone.
      workspace.uv(['add', '--quiet', '--package', 'billing', 'docopt==0.6.2']);
      workspace.nx(['sync']);
      const { exitCode, output } = workspace.tryNx(['run', 'billing:pack']);

      expect(output).toContain('docopt');
      expect(output).toMatch(/no wheel/);
      expect(exitCode).not.toBe(0);
    });

    it('refuses requirements that are older than the lock file', () => {
      workspace.uv(['add', '--quiet', '--package', 'billing', 'tabulate']);
      const { exitCode, output } = workspace.tryNx(['run', 'billing:pack']);

      expect(output).toMatch(/out of sync|older than uv\.lock/);
      expect(output).toContain('services/billing/requirements.txt');
      expect(output).toContain('nx sync');
      expect(exitCode).not.toBe(0);
    });
  });

  describe('of invoke', () => {
    const handler = (body: string): void => {
      workspace.write(
        'services/billing/src/billing/handler.py',
        `import os\nimport time\n\n\ndef handler(event, context):\n    ${body}\n`,
      );
    };

    it.each([
      ['a file that is missing', ['--event=nowhere.json'], 'nowhere.json'],
      ['a payload that is not JSON', ['--payload={"a":'], 'JSON'],
      ['neither event nor payload', [], '--payload'],
    ])('refuses %s', (_, args, message) => {
      const { exitCode, output } = workspace.tryNx([
        ...['run', 'billing:invoke', ...args],
      ]);

      expect(output).toContain(message);
      expect(exitCode).not.toBe(0);
    });

    it('refuses an event that is not JSON', () => {
      workspace.write('services/billing/events/broken.json', '{\n  "a": \n}\n');
      const { exitCode, output } = workspace.tryNx([
        ...['run', 'billing:invoke', '--event=broken'],
      ]);

      expect(output).toContain('services/billing/events/broken.json');
      expect(exitCode).not.toBe(0);
    });

    it.each([
      ['raises', 'raise ValueError("no such order")', 'ValueError'],
      ['exits', 'os._exit(3)', 'Runtime.ExitError'],
      ['hangs', 'time.sleep(60)', 'Sandbox.Timedout'],
      ['returns no JSON', 'return {1, 2}', 'Runtime.MarshalError'],
      ['lacks a module', 'import nowhere', 'Runtime.ImportModuleError'],
    ])('shows a handler that %s as Lambda would', (_, body, errorType) => {
      handler(body);
      if (body.startsWith('import')) {
        workspace.write(
          'services/billing/src/billing/handler.py',
          'import nowhere\n\n\ndef handler(event, context):\n    return nowhere\n',
        );
      }
      const { exitCode, output } = workspace.tryNx([
        ...['run', 'billing:invoke', '--event=good', '--timeout=2'],
      ]);

      expect(output).toContain(errorType);
      expect(exitCode).not.toBe(0);
    });
  });
});
