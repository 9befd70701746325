import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { warnDuringGraphCreation } from '../graph/nx-internal';
import { useEnvironment } from '../testing/temporary-folder';
import { postTasksExecution, preTasksExecution, serverOf } from './hooks';

jest.mock('../graph/nx-internal');
const warn = jest.mocked(warnDuringGraphCreation);
const setEnvironment = useEnvironment();
const NONE = {
  http_proxy: '',
  https_proxy: '',
  all_proxy: '',
  HTTP_PROXY: '',
  HTTPS_PROXY: '',
  ALL_PROXY: '',
  LAMBDA_PY_REMOTE_CACHE_TIMEOUT: '5',
  NX_SELF_HOSTED_REMOTE_CACHE_SERVER: '',
};

describe('the hooks of the remote cache', () => {
  it('change nothing where there is none, or where Nx is left to it', async () => {
    setEnvironment(NONE);
    await preTasksExecution();
    expect(process.env['NX_SELF_HOSTED_REMOTE_CACHE_SERVER']).toBe('');
    setEnvironment({
      ...NONE,
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'http://127.0.0.1:9',
      LAMBDA_PY_REMOTE_CACHE_TIMEOUT: '0',
    });
    await preTasksExecution();
    expect(process.env['NX_SELF_HOSTED_REMOTE_CACHE_SERVER']).toBe(
      'http://127.0.0.1:9',
    );
    postTasksExecution();
    expect(warn).not.toHaveBeenCalled();
  });

  it('put a guard before it, tell of trouble, and begin anew with each run', async () => {
    const server = createServer((_, response) => {
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    setEnvironment({ ...NONE, NX_SELF_HOSTED_REMOTE_CACHE_SERVER: url });
    const named = (): string =>
      process.env['NX_SELF_HOSTED_REMOTE_CACHE_SERVER'] ?? '';
    await preTasksExecution();
    const guard = named();

    expect(guard).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(guard).not.toBe(url);
    expect((await fetch(`${guard}/v1/cache/1`)).status).toBe(404);
    postTasksExecution();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('status 500'));
    warn.mockClear();
    // The environment may be that of the last run, or a new one.
    for (const again of [guard, url]) {
      setEnvironment({ ...NONE, NX_SELF_HOSTED_REMOTE_CACHE_SERVER: again });
      await preTasksExecution();
      expect(named()).toBe(guard);
    }
    postTasksExecution();
    expect(warn).not.toHaveBeenCalled();
    // Another remote cache has a guard of its own.
    setEnvironment({ ...NONE, NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `${url}/x` });
    await preTasksExecution();
    expect(named()).not.toBe(guard);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    [{}, undefined],
    [{ NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'cache' }, undefined],
    [{ NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'ftp://cache' }, undefined],
    [
      { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'https://cache', HTTPS_PROXY: 'p' },
      undefined,
    ],
    [{ NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'https://cache' }, 'https://cache/'],
  ])('guard of %j: %p', (env, expected) => {
    expect(serverOf(env)?.href).toBe(expected);
  });
});
