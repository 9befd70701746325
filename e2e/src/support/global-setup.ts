import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeInstallation } from './installation';

/** Installs the packed plugin once for all specs: npm takes longer over it than many a spec over all the rest. */
export default async function setUp(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-e2e-')));
  await makeInstallation(join(folder, 'installed'));
}
