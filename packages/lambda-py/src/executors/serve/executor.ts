import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { findArtifact } from '../../runtime/find-artifact';
import { INTEGRATION_TIMEOUT_MS, STAGE } from '../../serve/gateway';
import type { Gateway } from '../../serve/gateway';
import { serve } from '../../serve/serve';
import type { RunningServer } from '../../serve/serve';
import { LambdaPyError } from '../../workspace/errors';
import { onTermination } from '../../workspace/process';
import { readService } from '../../workspace/service';
import type { Service } from '../../workspace/service';
import { projectFoldersOf } from '../project-folders';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { ServeExecutorSchema } from './schema';

/** What the executor tells Nx, and whoever runs it, once it serves. */
export interface ServeResult {
  readonly success: boolean;
  readonly port?: number;
  readonly baseUrl?: string;
}

const DEFAULTS = { port: 3000, concurrency: 4 };

/**
 * Serves a service's packed zip over HTTP until it is interrupted.
 *
 * The function's logs go to stderr as they come, a line for each request to stdout.
 *
 * @param options - see schema.json
 * @param context - Nx's context; the target belongs to a service
 */
export default async function* serveExecutor(
  options: ServeExecutorSchema,
  context: ExecutorContext,
): AsyncGenerator<ServeResult> {
  const termination = awaitTermination();
  let server: RunningServer | undefined;
  try {
    const { success } = await succeedOrReport(async () => {
      server = await startServer(options, context);
      return true;
    });
    if (!success || server === undefined) {
      yield { success: false };
      return;
    }
    const { port } = server;
    const baseUrl = `http://127.0.0.1:${port}`;
    logger.info(`serving ${context.projectName ?? ''} at ${baseUrl}`);
    yield { success: true, port, baseUrl };
    await termination.came;
  } finally {
    await server?.close();
    termination.stopListening();
  }
}

function awaitTermination(): {
  readonly came: Promise<void>;
  readonly stopListening: () => void;
} {
  let settle: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {
    came,
    stopListening: onTermination(() => {
      settle();
    }),
  };
}

function startServer(
  options: ServeExecutorSchema,
  context: ExecutorContext,
): Promise<RunningServer> {
  const { root: workspaceRoot } = context;
  const service = readService(workspaceRoot, projectRootOf(context));
  return serve({
    served: {
      workspaceRoot,
      projectRoot: service.projectRoot,
      projectFolders: projectFoldersOf(context),
      envFile: options.envFile,
      timeout: options.timeout,
      memory: options.memory,
      onWarning: (warning) => {
        logger.warn(`warning: ${warning}`);
      },
    },
    artifact: findArtifact(workspaceRoot, service),
    gateway: gatewayOf(service, options),
    port: options.port ?? DEFAULTS.port,
    concurrency: options.concurrency ?? DEFAULTS.concurrency,
    watch: options.watch ?? true,
    json: options.json ?? false,
    onLog: (text) => void process.stderr.write(text),
    onAccess: (line) => void process.stdout.write(`${line}\n`),
    onNote: (message) => {
      logger.info(message);
    },
    onError: (message) => {
      logger.error(message);
    },
  });
}

/**
 * The gateway that a service is behind.
 *
 * @param service - its source decides
 * @param options - what the user overrides
 * @returns the gateway
 * @throws {@link LambdaPyError} when the service is behind none, or behind one that does not know the format
 */
export function gatewayOf(
  { source, projectRoot }: Pick<Service, 'source' | 'projectRoot'>,
  { payloadFormat, binaryMediaTypes = [] }: ServeExecutorSchema,
): Gateway {
  const kind =
    source === 'api' || (source !== 'http' && payloadFormat === '1.0')
      ? 'rest'
      : 'http';
  const isBehindGateway = source === 'api' || source === 'http';
  if (!isBehindGateway && payloadFormat === undefined) {
    throw new LambdaPyError({
      file: `${projectRoot}/pyproject.toml`,
      location: '[tool.lambda-py] source',
      problem: 'no HTTP request reaches the service',
      found: source === undefined ? 'no source' : `"${source}"`,
      expected: '"api" (REST API) or "http" (HTTP API)',
      mend: 'set "source", or pass --payloadFormat',
    });
  }
  if (source === 'api' && payloadFormat === '2.0') {
    throw new LambdaPyError({
      location: '--payloadFormat',
      problem: 'a REST API sends no events of this format',
      found: '2.0',
      expected: `1.0, or source = "http" in ${projectRoot}/pyproject.toml`,
      mend: 'leave --payloadFormat out',
    });
  }
  return {
    kind,
    payloadFormat: payloadFormat ?? (kind === 'rest' ? '1.0' : '2.0'),
    stage: STAGE[kind],
    binaryMediaTypes,
    integrationTimeoutMs: INTEGRATION_TIMEOUT_MS[kind],
  };
}
