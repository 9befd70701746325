import type { EventContext, HttpRequest } from './gateway';
import { eventBody } from './request-body';
import {
  decodePath,
  formatRequestTime,
  gather,
  gatewayHeaders,
  headerOf,
  last,
  single,
  splitTarget,
} from './request-parts';
import type { MultiValues } from './request-parts';

// The account and the API of AWS's own examples.
const ACCOUNT = '123456789012';
const API = 'local';
const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
};

/**
 * Makes the event of payload format 1.0, as a REST API's proxy resource `/{proxy+}` or an HTTP API sends it.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 * A REST API hands the path over as the client encoded it, an HTTP API decoded:
 * https://github.com/middleapi/standard-server/pull/93
 *
 * @param request - the request
 * @param context - see {@link EventContext}
 * @returns the event
 */
export function eventOfFormat1(
  request: HttpRequest,
  context: EventContext,
): Readonly<Record<string, unknown>> {
  const { gateway, requestId, time } = context;
  const isRest = gateway.kind === 'rest';
  const { path: rawPath, query } = splitTarget(request.target);
  const path = isRest ? rawPath : decodePath(rawPath);
  const headers = gatewayHeaders(request, context.traceId, (name) =>
    isRest ? name : name.toLowerCase(),
  );
  const parameters = gather(new URLSearchParams(query));
  const resource = path === '/' ? '/' : '/{proxy+}';
  const { body = null, isBase64Encoded } = eventBody(request, gateway);
  const domainName = headerOf(request, 'host') ?? '';
  return {
    ...(isRest ? {} : { version: '1.0' }),
    resource,
    path,
    httpMethod: request.method,
    headers: single(headers, last),
    multiValueHeaders: headers,
    queryStringParameters: orNull(parameters, (all) => single(all, last)),
    multiValueQueryStringParameters: orNull(parameters, (all) => all),
    pathParameters: path === '/' ? null : { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT,
      apiId: API,
      domainName,
      domainPrefix: domainName.split('.', 1)[0],
      extendedRequestId: requestId,
      httpMethod: request.method,
      identity: {
        ...NOBODY,
        sourceIp: request.sourceIp,
        user: null,
        userAgent: headerOf(request, 'user-agent') ?? null,
        userArn: null,
      },
      path: gateway.stage === '$default' ? path : `/${gateway.stage}${path}`,
      protocol: request.protocol,
      requestId,
      requestTime: formatRequestTime(time),
      requestTimeEpoch: time.getTime(),
      resourceId: 'local',
      resourcePath: resource,
      stage: gateway.stage,
    },
    body,
    isBase64Encoded,
  };
}

/** Format 1.0 has `null` in place of an empty table. */
function orNull<Result>(
  values: MultiValues,
  render: (values: MultiValues) => Result,
): Result | null {
  return Object.keys(values).length === 0 ? null : render(values);
}
