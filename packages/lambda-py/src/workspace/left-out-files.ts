import { INFRASTRUCTURE_FOLDER } from './infrastructure';

/**
 * The folders of a project in which no module of its wheel stands, where its modules are in `src`. The named input
 * `production` leaves them out, and so nothing in them may be packed.
 */
export const WORK_FOLDERS = [
  'tests',
  'events',
  INFRASTRUCTURE_FOLDER,
  'docs',
] as const;

/** The files at a project's top that are settings of tools, and left out of `production` as these are. */
export const TOOL_SETTINGS = [
  'ruff.toml',
  '.ruff.toml',
  'pytest.ini',
  '.coveragerc',
] as const;

/** The file of a service that holds its variables for local invocations: it is in no artifact. */
export const LOCAL_ENV_FILE = 'local.env';
