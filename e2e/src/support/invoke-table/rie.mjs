// The table of handlers in the Runtime Interface Emulator that the SAM CLI ships, with the same awslambdaric:
// node rie.mjs <emulator> <table.json> <what engine.mjs printed>
// Prints what each handler came to, as JSON.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
const END = /REPORT RequestId|Invoke DONE failed/;

const [emulator, tableFile, engineFile] = process.argv.slice(2);
const { runtime, cases } = JSON.parse(readFileSync(tableFile, 'utf8'));
const { runtimeClient, taskRoot } = JSON.parse(
  readFileSync(engineFile, 'utf8'),
);
const results = {};
for (const one of cases) results[one.name] = await invoke(one);
process.stdout.write(JSON.stringify({ results }));

async function invoke({ handler, event, timeout, memory }) {
  const [address, runtimeApi] = await freeAddresses();
  const child = spawn(
    emulator,
    [
      ...['--runtime-interface-emulator-address', address],
      ...['--runtime-api-address', runtimeApi, '--log-level', 'error'],
      ...[runtimeClient.python, '-B', '-m', 'awslambdaric', handler],
    ],
    {
      cwd: taskRoot,
      detached: true,
      env: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
        PYTHONPATH: `${taskRoot}:${runtimeClient.folder}`,
        AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
        AWS_LAMBDA_FUNCTION_NAME: 'table',
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeout),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let logs = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (logs += text));
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const payload = await post(address, event);
    // Its last lines follow the answer.
    const deadline = Date.now() + 1000;
    while (!END.test(logs) && Date.now() < deadline) {
      await delay(10);
    }
    return { payload, logs };
  } finally {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
}

async function post(address, body) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    try {
      const response = await fetch(
        `http://${address}/2015-03-31/functions/function/invocations`,
        { method: 'POST', body, signal },
      );
      return await response.text();
    } catch (error) {
      if (error.cause?.code !== 'ECONNREFUSED') {
        return `no answer: ${error.cause?.code ?? error.name}`;
      }
      await delay(5);
    }
  }
}

async function freeAddresses() {
  const servers = [createServer(), createServer()];
  const addresses = [];
  for (const server of servers) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    addresses.push(`127.0.0.1:${server.address().port}`);
  }
  for (const server of servers) {
    await new Promise((resolve) => server.close(resolve));
  }
  return addresses;
}
