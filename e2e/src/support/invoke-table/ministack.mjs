// The table of handlers in ministack, the emulator that deploy uses:
// node ministack.mjs <folder of the plugin> <workspace> <table.json>
// Starts the workspace's emulator, stops it, and prints what each handler came to, as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [plugin, root, tableFile] = process.argv.slice(2);
const load = createRequire(join(plugin, 'package.json'));
const { ensureEmulator, stopEmulator } = load(
  join(plugin, 'src/deployment/emulator.js'),
);
const { artifact, runtime, cases } = JSON.parse(
  readFileSync(tableFile, 'utf8'),
);
const ZipFile = readFileSync(artifact).toString('base64');
const endpoint = await ensureEmulator(root, () => undefined);
const results = {};
try {
  for (const one of cases) results[one.name] = await invoke(one);
} finally {
  await stopEmulator(root);
}
process.stdout.write(JSON.stringify({ results }));

async function invoke({ name, handler, event, timeout, memory }) {
  const created = await call('', {
    FunctionName: name,
    Runtime: runtime,
    Role: 'arn:aws:iam::000000000000:role/table',
    Handler: handler,
    Timeout: timeout,
    MemorySize: memory,
    Code: { ZipFile },
  });
  if (!created.ok) throw new Error(await created.text());
  const response = await call(`/${name}/invocations`, event);
  return {
    payload: await response.text(),
    isError: response.headers.has('x-amz-function-error'),
    // The latest 4 KB, as Lambda gives them to a client.
    logs: Buffer.from(
      response.headers.get('x-amz-log-result') ?? '',
      'base64',
    ).toString('utf8'),
  };
}

function call(path, body) {
  return fetch(`${endpoint}/2015-03-31/functions${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-amz-log-type': 'Tail',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
