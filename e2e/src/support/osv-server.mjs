// A service of vulnerabilities that speaks OSV's protocol (https://google.github.io/osv.dev/api/), for tests: a process of
// its own, since a test waits for its commands. Prints its address, then a line for each distribution that it is asked for.
// What it knows stands in the JSON file that it is given: a list of OSV records, and of `{ "refuses": name }` for what it
// takes no question with.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , recordsFile] = process.argv;

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { status, content } = answer(request.method, request.url, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

function answer(method, url, body) {
  const records = JSON.parse(readFileSync(recordsFile, 'utf8'));
  if (method === 'POST' && url === '/v1/query') {
    return ok({ vulns: matching(records, JSON.parse(body)) });
  }
  if (method === 'POST' && url === '/v1/querybatch') {
    const { queries } = JSON.parse(body);
    const refused = records.map(({ refuses }) => refuses);
    if (queries.some((query) => refused.includes(query.package.name))) {
      return { status: 400, content: { code: 3, message: 'invalid' } };
    }
    return ok({
      // A batch is answered with identifiers alone.
      results: queries.map((query) => {
        const vulns = matching(records, query).map(({ id, modified }) => ({
          id,
          modified,
        }));
        return vulns.length === 0 ? {} : { vulns };
      }),
    });
  }
  const id = /^\/v1\/vulns\/([^/]+)$/.exec(url)?.[1];
  const record = records.find((one) => one.id === id);
  if (method === 'GET' && record !== undefined) return ok(record);
  return { status: 404, content: { code: 5, message: 'not found' } };
}

function matching(records, { package: { name, ecosystem }, version }) {
  console.log(`${name} ${version}`);
  return records.filter(({ affected }) =>
    affected.some(
      (one) =>
        one.package.ecosystem === ecosystem &&
        one.package.name === name &&
        (one.versions === undefined || one.versions.includes(version)),
    ),
  );
}

function ok(content) {
  return { status: 200, content };
}
