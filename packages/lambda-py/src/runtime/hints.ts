import type { Architecture } from '../workspace/runtimes';
import type { Service } from '../workspace/service';
import type { FunctionError } from './function-error';

/** What decides whether an artifact's native code can be loaded here. */
export interface NativeCode {
  /** What the artifact was packed for. */
  readonly architecture: Architecture;
  /** The shared libraries in it. */
  readonly entries: readonly string[];
}

// What Lambda's own runtimes bring along beside the standard library:
// https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-searchpath
const PROVIDED_MODULES = new Set([
  'boto3',
  'botocore',
  's3transfer',
  'jmespath',
  'dateutil',
  'six',
  'urllib3',
]);

// Of boto3.client and of boto3.resource.
const UNKNOWN_SERVICE =
  /Unknown service: '(?<name>[^']+)'|The '(?<resource>[^']+)' resource does not exist/;

/**
 * Warns of an artifact whose native code this machine cannot load. One without native code runs anywhere.
 *
 * @param native - the artifact's native code
 * @param hostArchitecture - `process.arch`
 * @returns the warning; `undefined` where there is nothing to warn of
 */
export function warnOfForeignCode(
  { architecture, entries }: NativeCode,
  hostArchitecture: string,
): string | undefined {
  if (entries.length === 0 || isNative(architecture, hostArchitecture))
    return undefined;
  return (
    `The artifact is packed for ${architecture}, and this machine is ${hostArchitecture}: its ${entries.length} native ` +
    `libraries (${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}) cannot be loaded here. ` +
    `What needs them fails here and may run in Lambda.`
  );
}

function isNative(
  architecture: Architecture,
  hostArchitecture: string,
): boolean {
  return (
    architecture === (hostArchitecture === 'x64' ? 'x86_64' : hostArchitecture)
  );
}

/**
 * Explains a function error that has a cause which the message does not tell.
 *
 * @param error - the error
 * @param native - the artifact's native code
 * @param hostArchitecture - `process.arch`
 * @param service - the service that failed
 * @returns a sentence for the user; `undefined` where the error speaks for itself
 */
export function explainError(
  error: FunctionError,
  native: NativeCode,
  hostArchitecture: string,
  service: Service,
): string | undefined {
  const { errorMessage } = error;
  const { name, resource } = UNKNOWN_SERVICE.exec(errorMessage)?.groups ?? {};
  const unknown = name ?? resource;
  if (unknown !== undefined) return explainUnknownService(unknown, service);
  if (error.errorType !== 'Runtime.ImportModuleError') return undefined;
  if (/GLIBC_|GLIBCXX_/.test(errorMessage)) {
    return 'The C library of this machine is older than that of the runtime, for which the artifact was packed: run invoke in a container of Amazon Linux.';
  }
  const missing = /No module named '([^']+)'/.exec(errorMessage)?.[1];
  if (
    missing !== undefined &&
    PROVIDED_MODULES.has(missing.split('.')[0] ?? '')
  ) {
    return `Lambda's runtime brings "${missing}" along, in a version that changes; the artifact does not hold it. Declare it as a dependency.`;
  }
  if (
    native.entries.length > 0 &&
    !isNative(native.architecture, hostArchitecture)
  ) {
    return `The artifact is packed for ${native.architecture} and this machine is ${hostArchitecture}, so none of its native modules can be loaded here. Pack it for this machine's architecture to try it locally.`;
  }
  return undefined;
}

function explainUnknownService(
  name: string,
  { projectRoot, layers, artifact: { botocoreServices } }: Service,
): string {
  if (botocoreServices === undefined) {
    const layer =
      layers.length === 0
        ? ''
        : `, or see whether "botocore-services" of ${layers.join(' or ')} leaves it out`;
    return `The botocore in the artifact does not know "${name}": correct the name, or lock a newer boto3${layer}.`;
  }
  const wanted = [...botocoreServices, name].map((one) => JSON.stringify(one));
  return `${projectRoot}/pyproject.toml: [tool.lambda-py] botocore-services leaves out what botocore knows of "${name}". If that is an AWS service: botocore-services = [${wanted.join(', ')}], and pack again.`;
}
