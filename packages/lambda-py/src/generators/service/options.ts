import type { Tree } from '@nx/devkit';
import { LambdaPyError } from '../../workspace/errors';
import type { SourceName } from '../../workspace/event-sources';
import { parsePyproject } from '../../workspace/pyproject';
import {
  INFRASTRUCTURE_FOLDER,
  infrastructureKindsAmong,
} from '../../workspace/infrastructure';
import { describeService } from '../../workspace/service';
import type { InfrastructureName } from './infrastructure';

/** The options that change the service's code. */
export interface CodeOptions {
  readonly tracing: boolean;
  readonly httpClient: boolean;
}

/** An environment variable that an option of the service adds to `Settings`. */
export interface OptionVariable {
  /** The variable's name, such as `PARTNER_HOST`. */
  readonly name: string;
  /** The name of the stack's parameter that sets it. */
  readonly parameter: string;
  readonly description: string;
  /** What the parameter has to match. */
  readonly pattern: string;
  /** The value in `local.env` and in the tests. */
  readonly local: string;
}

/** What `--httpClient` adds: the infrastructure sets these, and allows `ssm:GetParameter` on the second one's value. */
export const HTTP_CLIENT_VARIABLES: readonly OptionVariable[] = [
  {
    name: 'PARTNER_HOST',
    parameter: 'PartnerHost',
    description: 'The one host that the function may call',
    pattern: '^[a-z0-9.-]+$',
    local: 'partner.example.com',
  },
  {
    name: 'PARTNER_KEY_PARAMETER',
    parameter: 'PartnerKeyParameter',
    description: "The SSM parameter that holds the partner's API key",
    pattern: '^/[A-Za-z0-9/_.-]+$',
    local: '/partner/key',
  },
];

/** The optional part of the shared library that each option needs. */
const EXTRAS = { httpClient: 'http', tracing: 'tracing' } as const;

/**
 * Names the optional parts of the shared library that the service needs.
 *
 * @param options - the options that change code
 * @returns what follows the name in a requirement, such as `[http,tracing]`; empty when nothing is needed
 */
export function kitExtras(options: CodeOptions): string {
  const extras = wantedOf(options).map((option) => EXTRAS[option]);
  return extras.length === 0 ? '' : `[${extras.join(',')}]`;
}

/**
 * Refuses an option that a service which exists already was not generated with: it changes files that are the user's
 * by now, so that only half of it could be added.
 *
 * @param tree - the workspace
 * @param projectRoot - the service's folder
 * @param options - the options that change code
 * @throws {@link LambdaPyError} naming the first such option
 */
export function checkCodeOptions(
  tree: Tree,
  projectRoot: string,
  options: CodeOptions,
): void {
  const file = `${projectRoot}/pyproject.toml`;
  const pyproject = tree.read(file, 'utf8');
  if (pyproject === null) return;
  for (const option of wantedOf(options)) {
    const extra = EXTRAS[option];
    if (new RegExp(`lambda-kit\\[[^\\]]*\\b${extra}\\b`).test(pyproject)) {
      continue;
    }
    throw new LambdaPyError({
      file,
      location: `--${option}`,
      problem:
        'the option changes files of the service, which exists already and is yours',
      found: `no dependency on lambda-kit[${extra}]`,
      mend: `generate another service with --${option}, and take over what you need of it`,
    });
  }
}

/**
 * Chooses the event source. A service that exists already keeps its own: infrastructure of another kind that is added
 * later fits the code then.
 *
 * @param tree - the workspace
 * @param projectRoot - the service's folder
 * @param wanted - the option `source`
 * @returns what was asked for, else what the service has, else `api`
 * @throws {@link LambdaPyError} when the service has another source, or its pyproject.toml is wrong
 */
export function chooseSource(
  tree: Tree,
  projectRoot: string,
  wanted: SourceName | undefined,
): SourceName {
  const file = `${projectRoot}/pyproject.toml`;
  const pyproject = tree.read(file, 'utf8');
  const present =
    pyproject === null
      ? undefined
      : describeService(parsePyproject(pyproject, file))?.source;
  const source = wanted ?? present ?? 'api';
  if (present === undefined || present === source) return source;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py] source',
    problem:
      'another source changes files of the service, which exists already and is yours',
    found: JSON.stringify(present),
    expected: JSON.stringify(source),
    mend: `leave --source out, or generate another service with --source=${source}, and take over what you need of it`,
  });
}

/**
 * Chooses the kind of infrastructure code. A service that exists already keeps its kind, or none: of two kinds, `deploy`
 * would take one, and nobody would see which.
 *
 * @param tree - the workspace
 * @param projectRoot - the service's folder
 * @param wanted - the option `infra`
 * @returns what was asked for, else what the service has; `sam` for a new one
 * @throws {@link LambdaPyError} when the service has another kind
 */
export function chooseInfrastructure(
  tree: Tree,
  projectRoot: string,
  wanted: InfrastructureName | undefined,
): InfrastructureName {
  if (!tree.exists(`${projectRoot}/pyproject.toml`)) return wanted ?? 'sam';
  const folder = `${projectRoot}/${INFRASTRUCTURE_FOLDER}`;
  const [present = 'none'] = infrastructureKindsAmong(tree.children(folder));
  const chosen = wanted ?? present;
  if ([chosen, present].includes('none') || chosen === present) return chosen;
  throw new LambdaPyError({
    file: folder,
    location: '--infra',
    problem:
      'the service has infrastructure code of another kind, which is yours',
    found: present,
    expected: chosen,
    mend: `leave --infra out; or remove ${folder}, and run this again`,
  });
}

function wantedOf(options: CodeOptions): readonly (keyof typeof EXTRAS)[] {
  return (['httpClient', 'tracing'] as const).filter(
    (option) => options[option],
  );
}
