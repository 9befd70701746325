/**
 * The environment of the commands in a workspace: the tests are not a CI of it, and leave no daemon behind.
 *
 * @param isIsolated - whether Nx starts a process for each plugin, as it does for users: most of the time of a short
 * command
 */
export function nxEnvironment(isIsolated = true): NodeJS.ProcessEnv {
  return {
    ...userEnvironment(),
    ...(isIsolated ? {} : { NX_ISOLATE_PLUGINS: 'false' }),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NO_COLOR: '1',
  };
}

/**
 * The environment of a user's terminal: what Jest, Nx and npm set for this run is not theirs. Nor is what images for
 * Python set: each pytest would compile all that it imports.
 */
function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:NX_|JEST_|npm_|INIT_CWD$|CI$|FORCE_COLOR$|NODE_ENV$|PYTHONDONTWRITEBYTECODE$)/.test(
          name,
        ),
    ),
  );
}
