import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The browser of this machine; `undefined` where it has none (Debian's package `chromium`). */
export function chromium(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  );
}

/**
 * Opens a page in a browser of its own, which may reach nothing else.
 *
 * @param page - absolute path of a file
 * @returns the document after its scripts have run
 */
export function domOf(page: string): string {
  const profile = mkdtempSync(join(tmpdir(), 'lambda-py-browser-'));
  try {
    const { stdout, error } = spawnSync(
      chromium() ?? 'chromium',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'],
        ...['--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync'],
        '--host-resolver-rules=MAP * ~NOTFOUND',
        `--user-data-dir=${profile}`,
        ...['--virtual-time-budget=5000', '--dump-dom'],
        pathToFileURL(page).href,
      ],
      { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    );
    if (error !== undefined) throw error;
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
