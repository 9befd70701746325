// A remote cache that speaks Nx's protocol (https://nx.dev/docs/kb/self-hosted-caching), for tests: a process of its own,
// since a test waits for its commands. Prints its address, then a line for each request with the status of its answer.
// Its arguments: a reader's token, a writer's token, and what it does: "serve", "fail" (500), "hang", or "slow"
// (serves, each answer after 1.8 s).
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , reader, writer, behaviour] = process.argv;
const entries = new Map();

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    if (behaviour === 'hang') {
      console.log(`${request.method} hangs`);
      return;
    }
    if (behaviour === 'slow') await sleep(1800);
    const { status, body = '' } = answer(request, Buffer.concat(chunks));
    console.log(`${request.method} ${status}`);
    response.writeHead(status, {
      'content-type':
        status === 200 && request.method === 'GET'
          ? 'application/octet-stream'
          : 'text/plain',
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

function answer({ method, url, headers }, content) {
  if (behaviour === 'fail') return { status: 500 };
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token !== reader && token !== writer) return { status: 401 };
  if (!/^\/v1\/cache\/[\w-]+$/.test(url)) return { status: 404 };
  if (method === 'GET') {
    const body = entries.get(url);
    return body === undefined ? { status: 404 } : { status: 200, body };
  }
  if (method !== 'PUT') return { status: 405 };
  if (token !== writer) return { status: 403 };
  if (entries.has(url)) return { status: 409 };
  entries.set(url, content);
  return { status: 200 };
}
