import type { IncomingMessage } from 'node:http';

/**
 * Which operation of AWS a request asks for, in whichever of its protocols.
 *
 * @param request - the request
 * @param body - its whole body
 * @returns the name, `UpdateAlias` for instance
 */
export function operationOf(request: IncomingMessage, body: Buffer): string {
  const { method = '', headers } = request;
  const path = (request.url ?? '').split('?')[0] ?? '';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  const operation = /\/operation\/(\w+)$/.exec(path)?.[1];
  if (operation !== undefined) return operation;
  if (path === '/') return /Action=(\w+)/.exec(body.toString())?.[1] ?? '';
  const lambda = /^\/2015-03-31\/functions\/[^/]+\/(\w+)(\/[^/]+)?$/.exec(path);
  if (lambda === null) return method === 'HEAD' ? 'HeadObject' : 'PutObject';
  const name = `${method} ${lambda[1] ?? ''}${lambda[2] === undefined ? '' : '/name'}`;
  const operations: Readonly<Record<string, string>> = {
    'GET configuration': 'GetFunctionConfiguration',
    'PUT code': 'UpdateFunctionCode',
    'POST versions': 'PublishVersion',
    'GET versions': 'ListVersionsByFunction',
    'GET aliases/name': 'GetAlias',
    'POST aliases': 'CreateAlias',
    'PUT aliases/name': 'UpdateAlias',
    'POST invocations': 'Invoke',
  };
  return operations[name] ?? name;
}
