import type { NxJsonConfiguration } from '@nx/devkit';

/** The configurations of a target by name: for a deployment, one is a stage. */
export type Stages = Readonly<
  Record<string, Readonly<Record<string, unknown>>>
>;

/** The stage that every service has: an emulator of AWS on this machine. */
export const LOCAL_STAGE = { local: { emulator: true } };

/** What of a stage a rollback needs to know too. */
const ROLLBACK_OPTIONS = [
  'account',
  'region',
  'profile',
  'protected',
  'emulator',
  'functionName',
  'stackName',
  'alias',
];

/**
 * The stages that nx.json gives to the target `deploy` of every service. A rollback is of the same stage: what it needs
 * of it is not written twice.
 *
 * @param nxJson - nx.json, in whatever state the user has left it
 * @param deployTargetName - the name of the target
 * @returns for each stage the options that a rollback takes
 */
export function rollbackStages(
  nxJson: NxJsonConfiguration,
  deployTargetName: string,
): Stages {
  const defaults: unknown = nxJson.targetDefaults;
  if (!isTable(defaults)) return LOCAL_STAGE;
  // Nx takes the executor's entry before the target's name.
  const entry = defaults['lambda-py:deploy'] ?? defaults[deployTargetName];
  const configurations = isTable(entry) ? entry['configurations'] : undefined;
  if (!isTable(configurations)) return LOCAL_STAGE;
  return {
    ...LOCAL_STAGE,
    ...Object.fromEntries(
      Object.entries(configurations).map(([stage, options]) => [
        stage,
        Object.fromEntries(
          Object.entries(isTable(options) ? options : {}).filter(([key]) =>
            ROLLBACK_OPTIONS.includes(key),
          ),
        ),
      ]),
    ),
  };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
