import type { EventContext, HttpRequest } from './gateway';
import { eventBody } from './request-body';
import {
  decodePath,
  formatRequestTime,
  gather,
  gatewayHeaders,
  headerOf,
  single,
  splitTarget,
} from './request-parts';

// The account of AWS's own examples.
const ACCOUNT = '123456789012';
const API = 'local';
const ROUTE = '$default';

/**
 * Makes the event of payload format 2.0, as the route `$default` of an HTTP API sends it, with a decoded path and the
 * query as it came.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.proxy-format
 *
 * @param request - the request
 * @param context - see {@link EventContext}
 * @returns the event
 */
export function eventOfFormat2(
  request: HttpRequest,
  context: EventContext,
): Readonly<Record<string, unknown>> {
  const { gateway, requestId, time } = context;
  const { path, query } = splitTarget(request.target);
  const rawPath = decodePath(path);
  const { cookie, ...headers } = gatewayHeaders(
    request,
    context.traceId,
    (name) => name.toLowerCase(),
  );
  const cookies = (cookie ?? []).flatMap((value) =>
    value
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
  const parameters = gather(new URLSearchParams(query));
  const domainName = headerOf(request, 'host') ?? '';
  return {
    version: '2.0',
    routeKey: ROUTE,
    rawPath,
    rawQueryString: query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: single(headers, (values) => values.join(',')),
    ...(Object.keys(parameters).length === 0
      ? {}
      : {
          queryStringParameters: single(parameters, (values) =>
            values.join(','),
          ),
        }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: API,
      domainName,
      domainPrefix: domainName.split('.', 1)[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId,
      routeKey: ROUTE,
      stage: gateway.stage,
      time: formatRequestTime(time),
      timeEpoch: time.getTime(),
    },
    ...eventBody(request, gateway),
  };
}
