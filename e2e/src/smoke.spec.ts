import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from './support/workspace';

// Every other spec is on an Nx between these two.
describe.each(['22.7.9', '24.0.0'])('on Nx %s', (nxVersion) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create('acme', { nxVersion });
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

  afterAll(() => {
    workspace.remove();
  });

  it('runs every gate on a generated service', () => {
    const output = workspace.nx([
      ...['run-many', '--projects=orders,lambda-kit'],
      ...['--targets=lint,typecheck,test'],
    ]);

    expect(output).toContain('Successfully ran targets');
  });

  it('packs it', () => {
    workspace.nx(['run', 'orders:pack']);

    expect(
      JSON.parse(workspace.read('dist/services/orders/orders.manifest.json')),
    ).toMatchObject({ handler: 'orders.handler.handler' });
  });

  it('takes the second run from the cache', () => {
    const output = workspace.nx(['run', 'orders:lint']);

    expect(output).toMatch(/existing outputs match|local cache|from the cache/);
  });

  it('finds the projects that a change reaches', () => {
    workspace.write('services/billing/src/billing/new.py', '"""New."""\n');
    const affected = (): string[] =>
      JSON.parse(
        workspace.nx([
          ...['show', 'projects', '--affected', '--base=HEAD', '--json'],
        ]),
      ) as string[];

    expect(affected()).toEqual(['billing']);
    workspace.write('libs/lambda-kit/src/lambda_kit/new.py', '"""New."""\n');
    expect(affected().sort()).toEqual(['billing', 'lambda-kit', 'orders']);
    workspace.restore();
  });

  describe('after "uv remove --package", which leaves the environment of one service', () => {
    const toolchain = (): boolean =>
      ['uv', 'ruff', 'pytest'].every((tool) =>
        existsSync(join(workspace.root, '.venv/bin', tool)),
      );

    beforeEach(() => {
      workspace.uv(['add', '--quiet', '--package', 'billing', 'six']);
      workspace.nx(['sync']);
      expect(toolchain()).toBe(true);
      workspace.uv(['remove', '--quiet', '--package', 'billing', 'six']);
      expect(toolchain()).toBe(false);
    });

    it('has the toolchain again with the nx sync that it asks for', () => {
      const { exitCode, output } = workspace.tryNx(['run', 'billing:test']);
      expect(exitCode).not.toBe(0);
      expect(output).toContain('nx sync');
      workspace.nx(['sync']);

      expect(toolchain()).toBe(true);
      workspace.nx(['run', 'billing:test']);
    });

    it('generates', () => {
      workspace.nx(['generate', 'lambda-py:library', 'contracts']);

      expect(toolchain()).toBe(true);
      workspace.nx(['run', 'contracts:lint']);
    });
  });
});
