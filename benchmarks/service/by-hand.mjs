import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { run } from '../shared/process.mjs';

/** What the settings of such services may ask for; a service reads those that it knows. */
const ENVIRONMENT = {
  IDEMPOTENCY_TABLE: 'benchmark-idempotency',
  OUTPUT_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/output',
  PARTNER_HOST: 'partner.example.com',
  PARTNER_KEY_PARAMETER: '/partner/key',
  POWERTOOLS_TRACE_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'INFO',
};

/**
 * Copies a uv workspace that was made by hand, and has its services packed as the generated ones are.
 *
 * Each folder of `services/` holds one whose handler is `<package>.handler.handler`.
 *
 * @param {string} source the workspace: an absolute path
 * @param {string} root where to: an absolute path; what is there is removed
 * @param {{ python: string; locked: string; uv: string; plugin: string }} context `locked`: the uv.lock whose versions
 * are taken
 */
export async function workspaceByHand(
  source,
  root,
  { python, locked, uv, plugin },
) {
  rmSync(root, { recursive: true, force: true });
  const left = new Set(['.venv', '.git', 'dist', '__pycache__', 'uv.lock']);
  cpSync(source, root, {
    recursive: true,
    filter: (path) => !left.has(basename(path)),
  });
  const names = readdirSync(join(root, 'services')).filter((name) =>
    existsSync(join(root, 'services', name, 'pyproject.toml')),
  );
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  for (const name of names) {
    const file = join(root, 'services', name, 'pyproject.toml');
    if (readFileSync(file, 'utf8').includes('[tool.lambda-py]')) continue;
    appendFileSync(
      file,
      `\n[tool.lambda-py]\nhandler = "${name.replaceAll('-', '_')}.handler.handler"\nruntime = "python${python}"\narchitecture = "${architecture}"\n`,
    );
  }
  // uv keeps the versions that it finds in a lock file, whose workspace it was.
  copyFileSync(locked, join(root, 'uv.lock'));
  run(uv, ['lock', '--quiet'], { cwd: root });
  await exportRequirements(plugin, root, names);
  return {
    root,
    services: names.map((name) => ({
      name,
      made: 'by hand',
      projectRoot: `services/${name}`,
      environment: ENVIRONMENT,
    })),
  };
}

/** As `nx sync` writes them. */
async function exportRequirements(plugin, root, names) {
  const require = createRequire(import.meta.url);
  const requirements = require(join(plugin, 'src/workspace/requirements.js'));
  const lock = requirements.requireLockFile(root);
  for (const name of names) {
    const locked = requirements.memberRequirements(lock, {
      projectName: name,
      projectRoot: `services/${name}`,
    });
    writeFileSync(
      join(root, locked.file),
      await requirements.exportRequirements(root, locked),
    );
  }
}
