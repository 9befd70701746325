import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { hasNginx, startNginxCache } from './support/nginx-cache';
import { ServerProcess } from './support/server-process';
import { Workspace } from './support/workspace';
import type { Outcome } from './support/workspace';

const READER = 'reader-0123';
const WRITER = 'writer-4567';
const TARGETS = '--targets=lint,typecheck,test,pack';

/** A remote cache in a test: how it is reached, and how it ends. */
interface Cache {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const startServer = (behaviour: string): Promise<ServerProcess> =>
  ServerProcess.start('cache-server.mjs', READER, WRITER, behaviour);

const CACHES: readonly (readonly [string, () => Promise<Cache>])[] = [
  ['a server of the protocol', () => startServer('serve')],
  // A machine without nginx shows the case as skipped.
  ['nginx, as the docs have it', () => startNginxCache(READER, WRITER)],
];

describe('a remote cache', () => {
  let workspace: Workspace;
  let parent: string;

  beforeAll(() => {
    workspace = Workspace.create('acme corp');
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.nx([
      ...['generate', 'lambda-py:service', 'orders'],
      ...['--source=direct', '--infra=none'],
    ]);
    workspace.commit('service');
    parent = realpathSync(mkdtempSync(join(tmpdir(), 'elsewhere-')));
  });

  afterAll(() => {
    workspace.remove();
    rmSync(parent, { recursive: true, force: true });
  });

  /** Forgets what this machine has run, its outputs included. */
  const forget = (root: string): void => {
    for (const folder of [
      '.nx/cache',
      '.nx/workspace-data',
      'dist',
      'coverage',
    ]) {
      rmSync(join(root, folder), { recursive: true, force: true });
    }
  };

  const run = (
    root: string,
    url: string,
    token: string,
    args: readonly string[] = [TARGETS],
  ): Outcome =>
    workspace.run(
      'sh',
      [
        ...['-c', 'cd "$0" && exec "$@"', root],
        ...[join(root, 'node_modules/.bin/nx'), 'run-many', ...args],
        '--output-style=static',
      ],
      {
        NX_SELF_HOSTED_REMOTE_CACHE_SERVER: url,
        NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
        LAMBDA_PY_REMOTE_CACHE_TIMEOUT: '2',
        ...ownCache(root),
      },
    );

  /** Nx 23.2 shares one local cache, in the home folder, among all clones of a repository. */
  const ownCache = (root: string): NodeJS.ProcessEnv => ({
    NX_CACHE_DIRECTORY: join(root, '.nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx/workspace-data'),
  });

  const clone = (name: string): string => {
    const root = join(parent, name);
    workspace.expect('git', ['clone', '--quiet', workspace.root, root]);
    workspace.expect('cp', ['-R', join(workspace.root, 'node_modules'), root]);
    return root;
  };

  describe.each(CACHES)('%s', (name, start) => {
    const inCase = name.startsWith('nginx') && !hasNginx() ? it.skip : it;

    inCase(
      'serves a fresh clone at another path, which runs nothing',
      async () => {
        const cache = await start();
        try {
          forget(workspace.root);
          const first = run(workspace.root, cache.url, WRITER);

          expect(first.output).toContain('Successfully ran targets');
          expect(first.exitCode).toBe(0);
          const other = clone(
            `a clone of ${createHash('sha256').update(name).digest('hex').slice(0, 6)}`,
          );
          const second = run(other, cache.url, READER);

          expect(second.exitCode).toBe(0);
          // lint, typecheck and test of two projects, and one artifact.
          expect(second.output.match(/\[remote cache\]/g)).toHaveLength(7);
          expect(second.output).toMatch(/7\/7 hits? \(100%\)/);
          for (const folder of ['dist', 'coverage']) {
            const content = contentOf(join(workspace.root, folder));

            expect(Object.keys(content)).not.toEqual([]);
            expect(contentOf(join(other, folder))).toEqual(content);
          }
        } finally {
          await cache.stop();
        }
      },
    );

    inCase('takes nothing from a reader, and replaces nothing', async () => {
      const cache = await start();
      try {
        const ask = (method: string, token: string, body?: string) =>
          fetch(`${cache.url}/v1/cache/123`, {
            method,
            headers: { authorization: `Bearer ${token}` },
            ...(body === undefined ? {} : { body }),
          });

        expect((await ask('PUT', READER, 'poison')).status).toBe(403);
        expect((await ask('PUT', 'nobody', 'poison')).status).toBe(401);
        expect((await ask('GET', 'nobody')).status).toBe(401);
        expect((await ask('GET', READER)).status).toBe(404);
        expect((await ask('PUT', WRITER, 'good')).ok).toBe(true);
        expect((await ask('PUT', WRITER, 'poison')).status).toBe(409);
        expect(await (await ask('GET', READER)).text()).toBe('good');

        forget(workspace.root);
        const reader = run(workspace.root, cache.url, READER, [
          '--targets=lint',
        ]);

        // What a reader has run is not in the cache, and no failure.
        expect(reader.exitCode).toBe(0);
        forget(workspace.root);
        const again = run(workspace.root, cache.url, READER, [
          '--targets=lint',
        ]);

        expect(again.exitCode).toBe(0);
        expect(again.output).not.toContain('[remote cache]');
      } finally {
        await cache.stop();
      }
    });
  });

  it.each(['fail', 'hang'])(
    'that comes to "%s" fails nothing, and is asked once in a run',
    async (behaviour) => {
      const server = await startServer(behaviour);
      try {
        forget(workspace.root);
        const { exitCode, output } = run(workspace.root, server.url, WRITER);

        expect(output).toContain('Successfully ran targets');
        expect(exitCode).toBe(0);
        expect(output).toContain('was not used to the end');
        // Requests that began before the first one had failed are the only others.
        const asked = await server.takeLines();
        expect(asked.length).toBeGreaterThan(0);
        expect(asked.every((line) => line.startsWith('GET'))).toBe(true);
      } finally {
        await server.stop();
      }
    },
  );

  it('that is slow fails nothing, and is given up before its answers add up', async () => {
    const server = await startServer('slow');
    try {
      forget(workspace.root);
      const { exitCode, output } = run(workspace.root, server.url, WRITER);

      expect(output).toContain('Successfully ran targets');
      expect(exitCode).toBe(0);
      expect(output.match(/was not used to the end: it is slow/g)).toHaveLength(
        1,
      );
      // Seven tasks would have asked, and then stored: two rounds of that are more than the limit.
      expect((await server.takeLines()).length).toBeLessThan(14);
    } finally {
      await server.stop();
    }
  });

  it('that is not there, or that has another token, fails nothing', async () => {
    forget(workspace.root);
    const absent = run(workspace.root, 'http://127.0.0.1:9', WRITER, [
      '--targets=lint',
    ]);

    expect(absent.exitCode).toBe(0);
    expect(absent.output).toContain('ECONNREFUSED');
    const server = await startServer('serve');
    try {
      forget(workspace.root);
      const refused = run(workspace.root, server.url, 'nobody', [
        '--targets=lint',
      ]);

      expect(refused.exitCode).toBe(0);
      expect(refused.output).toContain('status 401');
    } finally {
      await server.stop();
    }
  });
});

/** A digest of every file of a folder. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [
        relative(folder, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );
}
