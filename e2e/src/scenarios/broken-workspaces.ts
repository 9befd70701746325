import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../support/workspace';

/** Something wrong in a workspace, of which every other project must not suffer. */
export interface BrokenWorkspace {
  readonly problem: string;
  readonly breakIt: (workspace: Workspace) => void;
  /** What the user must be told: what is wrong, and what to do. None where nothing is. */
  readonly warnings: readonly RegExp[];
  /** The projects that are gone. */
  readonly missing?: readonly string[];
  /** Undoes what git cannot. */
  readonly mend?: (workspace: Workspace) => void;
}

function inRoot(workspace: Workspace, path: string): string {
  return join(workspace.root, path);
}

/** What a workspace may come to between two commands. */
export const BROKEN_WORKSPACES: readonly BrokenWorkspace[] = [
  {
    problem: 'a pyproject.toml that is no TOML',
    breakIt: (workspace) => {
      workspace.write('services/ping/pyproject.toml', '[project\nname = ');
    },
    warnings: [/services\/ping\/pyproject\.toml/, /mend|edit|correct/],
  },
  {
    problem: 'a pyproject.toml of the root that is no TOML',
    breakIt: (workspace) => {
      workspace.write('pyproject.toml', '[tool.uv.workspace\n');
    },
    warnings: [/pyproject\.toml/],
  },
  {
    problem: 'a missing uv.lock',
    breakIt: (workspace) => {
      rmSync(inRoot(workspace, 'uv.lock'));
    },
    warnings: [/uv\.lock.*missing/s, /uv lock/],
  },
  {
    problem: 'a uv.lock with merge markers',
    breakIt: (workspace) => {
      workspace.write(
        'uv.lock',
        `<<<<<<< HEAD\n${workspace.read('uv.lock')}\n=======\n>>>>>>> other\n`,
      );
    },
    warnings: [/uv\.lock/, /merge conflict/, /uv lock/],
  },
  {
    problem: 'a uv.lock that is cut off',
    breakIt: (workspace) => {
      workspace.write('uv.lock', workspace.read('uv.lock').slice(0, 5000));
    },
    warnings: [/uv\.lock/],
  },
  {
    problem: 'a member that is listed but absent',
    breakIt: (workspace) => {
      workspace.replace(
        'pyproject.toml',
        'members = ["layers/*", "libs/*", "services/*"]',
        'members = ["layers/*", "libs/*", "services/*", "jobs/absent"]',
      );
    },
    warnings: [/jobs\/absent/, /pyproject\.toml/],
  },
  {
    problem: 'two projects with one name',
    breakIt: (workspace) => {
      workspace.write(
        'services/twin/pyproject.toml',
        workspace.read('services/ping/pyproject.toml'),
      );
    },
    warnings: [/two projects have the same name/, /services\/ping/],
  },
  {
    problem: 'a link to a project',
    breakIt: (workspace) => {
      symlinkSync('ping', inRoot(workspace, 'services/alias'));
    },
    warnings: [],
  },
  {
    problem: 'links in a circle',
    breakIt: (workspace) => {
      symlinkSync('..', inRoot(workspace, 'services/ping/src/up'));
      symlinkSync('itself', inRoot(workspace, 'libs/itself'));
      symlinkSync('nowhere', inRoot(workspace, 'libs/dangling'));
    },
    warnings: [],
  },
  {
    problem: 'a folder that may not be read',
    breakIt: (workspace) => {
      mkdirSync(inRoot(workspace, 'services/secret'));
      workspace.write('services/secret/pyproject.toml', '[project]\n');
      chmodSync(inRoot(workspace, 'services/secret'), 0);
    },
    warnings: [],
    mend: (workspace) => {
      chmodSync(inRoot(workspace, 'services/secret'), 0o755);
    },
  },
  {
    problem: 'a pyproject.toml that may not be read',
    breakIt: (workspace) => {
      chmodSync(inRoot(workspace, 'services/ping/pyproject.toml'), 0);
    },
    warnings: [/services\/ping\/pyproject\.toml/, /readable/],
    mend: (workspace) => {
      chmodSync(inRoot(workspace, 'services/ping/pyproject.toml'), 0o644);
    },
  },
];
