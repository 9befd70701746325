import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { join, resolve } from 'node:path';
import { packLayer, packService } from '../../artifact/pack';
import { LambdaPyError } from '../../workspace/errors';
import { readArtifactProject } from '../../workspace/service';
import type { Layer, Service } from '../../workspace/service';
import packExecutor, { resolveOutputPath } from './executor';
import schema from './schema.json';

jest.mock('../../artifact/pack', () => ({
  packLayer: jest.fn(),
  packService: jest.fn(),
}));
jest.mock('../../workspace/service', () => ({
  readArtifactProject: jest.fn(),
}));

const ROOT = resolve('/workspace');
const TOKENS = { projectName: 'orders', projectRoot: 'services/orders' };
const SERVICE = { ...TOKENS } as Service;
const CONTEXT: ExecutorContext = {
  root: ROOT,
  cwd: ROOT,
  isVerbose: false,
  projectName: 'orders',
  projectsConfigurations: {
    version: 2,
    projects: { orders: { root: 'services/orders' } },
  },
  nxJsonConfiguration: {},
  projectGraph: { nodes: {}, dependencies: {} },
};
const MANIFEST = {
  name: 'orders',
  zip: 'orders.zip',
  handler: 'orders.handler.handler',
  runtime: 'python3.13',
  architecture: 'arm64',
  zipBytes: 1_572_864,
  unzippedBytes: 3_145_728,
  sha256: 'abc',
  codeSha256: 'q83v',
  distributions: [],
} as const;

describe('packExecutor', () => {
  const info = jest.spyOn(logger, 'info').mockReturnValue();
  const warn = jest.spyOn(logger, 'warn').mockReturnValue();
  const error = jest.spyOn(logger, 'error').mockReturnValue();
  beforeEach(() => {
    jest.clearAllMocks();
    jest.mocked(readArtifactProject).mockReturnValue({
      file: 'services/orders/pyproject.toml',
      service: SERVICE,
    });
  });

  it('packs to the default folder and prints the result', async () => {
    jest.mocked(packService).mockImplementation(({ onWarning }) => {
      onWarning?.('look out');
      return Promise.resolve(MANIFEST);
    });
    await expect(packExecutor({}, CONTEXT)).resolves.toEqual({ success: true });
    expect(packService).toHaveBeenCalledWith(
      expect.objectContaining({
        workspaceRoot: ROOT,
        outputFolder: join(ROOT, 'dist/services/orders'),
        projectFolders: new Set(['services/orders']),
      }),
    );
    expect(readArtifactProject).toHaveBeenCalledWith(ROOT, 'services/orders');
    expect(info.mock.calls[0]?.[0]).toMatch(
      /^dist.services.orders.orders\.zip: 1\.5 MB zipped, 3\.0 MB unzipped.*\n.*arm64\nsha256 abc\npacked in \d+\.\d\d s$/,
    );
    expect(warn).toHaveBeenCalledWith('warning: look out');
  });

  it('packs a layer, and says what it is', async () => {
    const layer = { ...TOKENS } as Layer;
    jest
      .mocked(readArtifactProject)
      .mockReturnValue({ file: 'x/pyproject.toml', layer });
    const { handler: _, ...manifest } = MANIFEST;
    jest.mocked(packLayer).mockResolvedValue(manifest);
    await expect(packExecutor({}, CONTEXT)).resolves.toEqual({ success: true });
    expect(packLayer).toHaveBeenCalledWith(expect.objectContaining({ layer }));
    expect(info.mock.calls[0]?.[0]).toContain('a layer for python3.13');
  });

  it('names the layers that a service needs', async () => {
    const layers = [{ name: 'numbers', unzippedBytes: 1 }];
    jest.mocked(packService).mockResolvedValue({ ...MANIFEST, layers });
    await packExecutor({}, CONTEXT);
    expect(info.mock.calls[0]?.[0]).toContain(
      'orders.handler.handler on numbers for python3.13',
    );
  });

  it('refuses a library', async () => {
    jest
      .mocked(readArtifactProject)
      .mockReturnValue({ file: 'libs/kit/pyproject.toml' });
    await expect(packExecutor({}, CONTEXT)).resolves.toEqual({
      success: false,
    });
    expect(error.mock.calls[0]?.[0]).toContain(
      'libs/kit/pyproject.toml: [tool.lambda-py]: the project is neither',
    );
  });

  it('prints the message of an error that the user can mend, without a stack', async () => {
    jest
      .mocked(packService)
      .mockRejectedValue(
        new LambdaPyError({ problem: 'broken', mend: 'mend' }),
      );
    await expect(packExecutor({}, CONTEXT)).resolves.toEqual({
      success: false,
    });
    expect(error).toHaveBeenCalledWith('broken\n  mend:     mend');
  });

  it('prints the stack of a bug', async () => {
    jest.mocked(packService).mockRejectedValue(new Error('bug'));
    await expect(packExecutor({}, CONTEXT)).resolves.toEqual({
      success: false,
    });
    expect(error.mock.calls[0]?.[0]).toMatch(/^Error: bug\n\s+at /);
  });

  it('fails without a project', async () => {
    const { projectName: _, ...context } = CONTEXT;
    await expect(packExecutor({}, context)).resolves.toEqual({
      success: false,
    });
  });

  it('documents the default that it uses', () => {
    const { default: path } = schema.properties.outputPath;
    expect(resolveOutputPath(path, ROOT, TOKENS)).toBe(
      join(ROOT, 'dist/services/orders'),
    );
  });
});

describe('resolveOutputPath', () => {
  it.each([
    ['out/{projectName}', 'out/orders'],
    ['{workspaceRoot}/dist/{projectRoot}', 'dist/services/orders'],
    ['a/../b', 'b'],
    ['..hidden', '..hidden'],
  ])('%s is %s', (outputPath, expected) => {
    expect(resolveOutputPath(outputPath, ROOT, TOKENS)).toBe(
      join(ROOT, expected),
    );
  });

  it.each(['..', '../other', '.', '', 'a/../..', '/etc'])(
    'refuses "%s"',
    (outputPath) => {
      expect(() => resolveOutputPath(outputPath, ROOT, TOKENS)).toThrow(
        LambdaPyError,
      );
    },
  );
});
