import type { ExecutorContext } from '@nx/devkit';
import { logger } from '../executors/logger';

/**
 * The context that Nx gives to an executor.
 *
 * @param root - the workspace's root
 * @param projectRoot - the project's folder
 * @returns the context of a task of the project `a`
 */
export function executorContext(
  root: string,
  projectRoot: string,
): ExecutorContext {
  return {
    root,
    cwd: root,
    isVerbose: false,
    projectName: 'a',
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
    projectsConfigurations: {
      version: 2,
      projects: { a: { root: projectRoot } },
    },
  };
}

/** What an executor has shown: its tools' output, and its own lines with their level. */
export interface Shown {
  output: string;
  lines: string[];
}

/**
 * Takes what is printed during each test.
 *
 * @returns what was printed, filled as it comes
 */
export function usePrinted(): Shown {
  const shown: Shown = { output: '', lines: [] };
  beforeEach(() => {
    Object.assign(shown, { output: '', lines: [] });
    for (const stream of ['stdout', 'stderr'] as const) {
      jest.spyOn(process[stream], 'write').mockImplementation((text) => {
        shown.output += String(text);
        return true;
      });
    }
    for (const level of ['info', 'warn', 'error'] as const) {
      jest.spyOn(logger, level).mockImplementation((...texts: unknown[]) => {
        shown.lines.push(`${level}: ${texts.join(' ')}`);
      });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return shown;
}
