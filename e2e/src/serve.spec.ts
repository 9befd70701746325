import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ColdStartReport } from '../../packages/lambda-py/src/cold-start/report';
import { chromium, domOf } from './support/browser';
import { processesIn, Served } from './support/served';
import { Workspace } from './support/workspace';

/** Behind an HTTP API, with a handler of its own and a library; behind a REST API, as generated. */
const HTTP = 'web-orders';
const REST = 'rest_orders';

const HANDLER = `services/${HTTP}/src/web_orders/probe.py`;
const LIBRARY = 'libs/contracts/src/contracts/words.py';

const PROBE = `"""Answers with what it was asked."""

import base64
import gzip
import os
import time

from contracts.words import GREETING


def handler(event, context):
    path = event["rawPath"]
    if path == "/gzip":
        body = gzip.compress(base64.b64decode(event["body"])[::-1])
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "application/octet-stream"},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
    if path == "/sleep":
        time.sleep(1)
        return {"pid": os.getpid()}
    if path == "/fail":
        raise ValueError("on purpose")
    if path == "/malformed":
        return {"statusCode": "many"}
    return {
        "version": "one",
        "greeting": GREETING,
        "path": path,
        "query": event.get("queryStringParameters"),
        "cookies": event.get("cookies"),
        "pid": os.getpid(),
    }
`;

interface Answer {
  readonly version: string;
  readonly greeting: string;
  readonly pid: number;
}

async function ask(served: Served, path = '/'): Promise<Answer> {
  return (await (await fetch(`${served.url}${path}`)).json()) as Answer;
}

describe('serve and coldstart', () => {
  let workspace: Workspace;
  let served: Served;

  beforeAll(async () => {
    workspace = Workspace.create('my acme', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init', '--skipLock']);
    const service = ['generate', 'lambda-py:service'];
    const options = ['--infra=none', '--skipLock'];
    workspace.nx([...service, HTTP, '--source=http', ...options]);
    workspace.nx([...service, REST, '--source=api', ...options]);
    workspace.nx(['generate', 'lambda-py:library', 'contracts', '--skipLock']);
    workspace.write(LIBRARY, 'GREETING = "hello"\n');
    workspace.write(HANDLER, PROBE);
    workspace.replace(
      `services/${HTTP}/pyproject.toml`,
      'handler = "web_orders.handler.handler"',
      'handler = "web_orders.probe.handler"',
    );
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.uv(['add', '--quiet', '--package', HTTP, 'contracts']);
    workspace.nx(['sync']);
    served = await Served.start(workspace, HTTP, '--concurrency=2');
  });
  afterAll(async () => {
    await served.interrupt();
    workspace.remove();
  });

  it('is a target of services behind HTTP alone, and continuous', () => {
    const show = (project: string): Record<string, unknown> => {
      const { targets } = JSON.parse(
        workspace.run('npx', ['nx', 'show', 'project', project, '--json'])
          .stdout,
      ) as { targets: Record<string, Record<string, unknown>> };
      return targets;
    };
    expect(show('rest-orders')).toMatchObject({
      serve: { continuous: true, executor: 'lambda-py:serve' },
      coldstart: { executor: 'lambda-py:coldstart', parallelism: false },
    });
    expect(show('contracts')).not.toHaveProperty('serve');
  });

  it('makes an event of payload format 2.0, and infers the response', async () => {
    const response = await fetch(`${served.url}/a%20b?c=1&c=2`, {
      headers: { cookie: 'd=1; e=2' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      greeting: 'hello',
      path: '/a b',
      query: { c: '1,2' },
      cookies: ['d=1', 'e=2'],
    });
    await served.seen(/^GET \/a%20b\?c=1&c=2 200 \d+ B [\d.]+ ms$/m);
    expect(served.output).toMatch(
      /^START RequestId: .*\n(?:.*\n)*END RequestId: .*\nREPORT RequestId: .*Max Memory Used: [1-9]\d* MB.*Init Duration/m,
    );
  });

  it('hands bytes through, both ways', async () => {
    const response = await fetch(`${served.url}/gzip`, {
      method: 'POST',
      body: gzipSync('text'),
    });
    const sent = gzipSync('text').reverse();
    expect(gunzipSync(Buffer.from(await response.arrayBuffer()))).toEqual(sent);
  });

  it('answers for a function that fails', async () => {
    for (const path of ['/fail', '/malformed']) {
      const response = await fetch(`${served.url}${path}`);
      expect([response.status, await response.json()]).toEqual([
        500,
        { message: 'Internal Server Error' },
      ]);
    }
    expect(served.output).toContain('ValueError: on purpose');
  });

  it('keeps an environment warm, and runs requests at the same time in several', async () => {
    const { pid } = await ask(served);
    expect((await ask(served)).pid).toBe(pid);
    const both = await Promise.all([
      ask(served, '/sleep'),
      ask(served, '/sleep'),
    ]);
    expect(new Set(both.map((one) => one.pid)).size).toBe(2);
  });

  it('serves a change of the service and of its library, and keeps what it has when that breaks', async () => {
    const reloaded = async (
      pattern: RegExp,
      edit: () => void,
    ): Promise<void> => {
      const from = served.output.length;
      edit();
      await served.seen(pattern, from);
    };
    await reloaded(/reloaded in \d+ ms: .*probe\.py changed/, () => {
      workspace.replace(HANDLER, '"version": "one"', '"version": "two"');
    });
    expect(await ask(served)).toMatchObject({ version: 'two' });
    await reloaded(/reloaded in \d+ ms: .*words\.py changed/, () => {
      workspace.write(LIBRARY, 'GREETING = "bye"\n');
    });
    expect(await ask(served)).toMatchObject({
      version: 'two',
      greeting: 'bye',
    });
    await reloaded(/does not define handler[^]*still served/, () => {
      workspace.replace(HANDLER, 'def handler(', 'def renamed(');
    });
    expect(await ask(served)).toMatchObject({ version: 'two' });
    await reloaded(/up to date again/, () => {
      workspace.replace(HANDLER, 'def renamed(', 'def handler(');
    });
    await reloaded(/reloaded in/, () => {
      workspace.write(HANDLER, PROBE.replace('"one"', '"three"'));
    });
    expect(await ask(served)).toMatchObject({ version: 'three' });
    await reloaded(/reloaded in \d+ ms: .*local\.env changed/, () => {
      workspace.write(`services/${HTTP}/local.env`, 'A=1\n');
    });
  });

  it('says that a port is taken', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    // Nx 23.2 calls a continuous task that ends by itself successful, whatever its exit status.
    const { output } = workspace.tryNx([
      ...['run', 'rest-orders:serve', `--port=${port}`],
    ]);
    other.close();
    expect(output).toContain('--port: another process listens on the port');
  });

  it('ends at once with all that it has started', async () => {
    expect(processesIn(workspace.root).length).toBeGreaterThan(1);
    expect(await served.interrupt()).toBeLessThan(10_000);
    const end = Date.now() + 5_000;
    while (processesIn(workspace.root).length > 0 && Date.now() < end)
      await delay(100);
    expect(processesIn(workspace.root)).toEqual([]);
  });

  it('serves a generated service behind a REST API', async () => {
    const rest = await Served.start(workspace, 'rest-orders', '--json');
    try {
      const post = (body: string): Promise<Response> =>
        fetch(`${rest.url}/rest-orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
      const good = await post(
        '{"id": "1", "action": "create", "payload": {"note": "hello"}}',
      );
      expect(good.status).toBe(200);
      expect(good.headers.get('x-amzn-requestid')).not.toBeNull();
      expect(await good.json()).toMatchObject({ id: '1' });
      const bad = await post('{"id": 1}');
      expect(bad.status).toBe(400);
      await rest.seen(
        /^\{"time":".*","method":"POST","target":"\/rest-orders","status":400,.*\}$/m,
      );
    } finally {
      await rest.interrupt();
    }
  });

  it('measures a cold start, and explains it', () => {
    const { exitCode, stdout, output } = workspace.tryNx([
      ...['run', 'rest-orders:coldstart', '--runs=3', '--json'],
    ]);
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    const line = stdout.split('\n').find((one) => one.startsWith('{"name"'));
    const report = JSON.parse(line ?? '') as ColdStartReport;
    const { init, packages, advice } = report;
    expect(init.medianMs).toBeGreaterThan(
      init.interpreterMs + init.clientMs - 1,
    );
    expect(init.functionMs).toBeGreaterThan(50);
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['rest_orders', 'lambda_kit', 'botocore']),
    );
    expect(advice.map(({ text }) => text).join('\n')).toMatch(
      /lambda_kit\.\S+ imports aws_lambda_powertools: \d+ ms/,
    );
  });

  (chromium() === undefined ? it.skip : it)(
    'draws the flame graph in a browser',
    () => {
      const dom = domOf(
        join(workspace.root, 'reports/services/rest-orders/cold-start.html'),
      );
      expect(dom.match(/class="frame"/g)?.length).toBeGreaterThan(50);
      expect(dom).toMatch(/<title>rest_orders\.handler: [\d.]+ ms<\/title>/);
    },
  );

  it('fails above the budget', () => {
    const toml = 'services/rest-orders/pyproject.toml';
    const check = (init: string): ReturnType<Workspace['tryNx']> => {
      workspace.write(
        toml,
        workspace
          .read(toml)
          .replace(/^budgets.*\n/m, '')
          .replace(
            '[tool.lambda-py]\n',
            `[tool.lambda-py]\nbudgets = { init = "${init}" }\n`,
          ),
      );
      return workspace.tryNx(['run', 'rest-orders:coldstart', '--runs=1']);
    };
    expect(check('60 s').exitCode).toBe(0);
    const over = check('20 ms');
    expect(over.exitCode).not.toBe(0);
    expect(over.output).toMatch(
      /services\/rest-orders\/pyproject\.toml: \[tool\.lambda-py\] budgets\.init: the initialisation is over its budget\n.*found: +\d+ ms of CPU time.*\n.*expected: at most 20 ms/,
    );
  });
});
