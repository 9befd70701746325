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

/** What decides which native code a machine loads: Node's `process` is one. */
export type Host = Pick<NodeJS.Process, 'arch' | 'platform'>;

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
 * @param host - this machine
 * @returns the warning; `undefined` where there is nothing to warn of
 */
export function warnOfForeignCode(
  { architecture, entries }: NativeCode,
  host: Host,
): string | undefined {
  if (entries.length === 0 || isNative(architecture, host)) return undefined;
  const [target, machine] = difference(architecture, host);
  return (
    `The artifact is packed for ${target}, and this machine is ${machine}: its ${entries.length} native ` +
    `libraries (${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}) cannot be loaded here. ` +
    `What needs them fails here and may run in Lambda.`
  );
}

function isNative(architecture: Architecture, host: Host): boolean {
  return host.platform === 'linux' && architecture === architectureOf(host);
}

function architectureOf({ arch }: Host): string {
  return arch === 'x64' ? 'x86_64' : arch;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'macOS',
  win32: 'Windows',
};

/** What the artifact is for, and what this machine is instead. */
function difference(
  architecture: Architecture,
  { platform, arch }: Host,
): readonly [target: string, machine: string] {
  return platform === 'linux'
    ? [architecture, arch]
    : [`Linux on ${architecture}`, SYSTEMS[platform] ?? platform];
}

/**
 * Explains a function error that has a cause which the message does not tell.
 *
 * @param error - the error
 * @param native - the artifact's native code
 * @param host - this machine
 * @param service - the service that failed
 * @returns a sentence for the user; `undefined` where the error speaks for itself
 */
export function explainError(
  error: FunctionError,
  native: NativeCode,
  host: Host,
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
  const [module = ''] = missing?.split('.') ?? [];
  if (missing !== undefined && PROVIDED_MODULES.has(module)) {
    const provided = service.artifact.provided.find(
      (name) => name === module || name === `python-${module}`,
    );
    if (provided !== undefined) {
      return `${service.projectRoot}/pyproject.toml: [tool.lambda-py] provided leaves "${provided}" to Lambda's runtime, and on this machine nothing brings it along: take it out of provided, and pack again.`;
    }
    return `Lambda's runtime brings "${missing}" along, in a version that changes; the artifact does not hold it. Declare it as a dependency.`;
  }
  if (native.entries.length > 0 && !isNative(native.architecture, host)) {
    const [target, machine] = difference(native.architecture, host);
    const mend =
      host.platform === 'linux'
        ? "Pack it for this machine's architecture to try it locally."
        : `To try it locally, clone the workspace in a Linux container of ${native.architecture}, and run it there.`;
    return `The artifact is packed for ${target} and this machine is ${machine}, so none of its native modules can be loaded here. ${mend}`;
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
