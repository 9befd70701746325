import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this machine has an nginx with the module dav. */
export function hasNginx(): boolean {
  const { status, stderr } = spawnSync('nginx', ['-V'], { encoding: 'utf8' });
  return status === 0 && stderr.includes('http_dav_module');
}

/** A remote cache: nginx with the configuration of the docs, on a free port and in a folder of its own. */
export interface NginxCache {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts nginx with `docs/remote-cache.conf`.
 *
 * @param reader - the reader's token
 * @param writer - the writer's token
 * @returns the cache, once it listens
 */
export async function startNginxCache(
  reader: string,
  writer: string,
): Promise<NginxCache> {
  const folder = mkdtempSync(join(tmpdir(), 'nx-cache-'));
  const port = await freePort();
  for (const name of ['entries', 'uploads']) mkdirSync(join(folder, name));
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    readFileSync(join(__dirname, '../../../docs/remote-cache.conf'), 'utf8')
      .replaceAll('/var/lib/nx-cache', folder)
      .replace('READER-TOKEN', reader)
      .replace('WRITER-TOKEN', writer)
      .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
      // As root, its workers would run as a user who cannot enter the folder.
      .replace(
        'worker_processes',
        `${process.getuid?.() === 0 ? 'user root;\n' : ''}worker_processes`,
      ),
  );
  const child = spawn(
    'nginx',
    ['-c', configuration, '-p', folder, '-g', 'daemon off;'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
