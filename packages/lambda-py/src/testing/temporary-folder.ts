import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for one test; it stands for a workspace, or for a folder of PATH. */
export interface TemporaryFolder {
  /** Absolute path, without links. */
  readonly path: string;
  /** Writes a text file; returns its absolute path. */
  write(file: string, text: string): string;
  /** Writes a script of sh that can be run; returns its absolute path. */
  script(file: string, ...lines: readonly string[]): string;
}

/**
 * Makes folders for temporary files, and removes them after each test.
 *
 * @returns makes an empty folder
 */
export function useTemporaryFolders(): () => TemporaryFolder {
  const made: string[] = [];
  afterEach(() => {
    for (const path of made.splice(0)) {
      rmSync(path, { recursive: true, force: true });
    }
  });
  return () => {
    const path = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-spec-')));
    made.push(path);
    const write = (file: string, text: string): string => {
      const absolute = join(path, file);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, text);
      return absolute;
    };
    return {
      path,
      write,
      script(file, ...lines) {
        const absolute = write(file, ['#!/bin/sh', ...lines, ''].join('\n'));
        chmodSync(absolute, 0o755);
        return absolute;
      },
    };
  };
}

/**
 * Sets variables of the environment during each test; `undefined` unsets one.
 *
 * @returns sets variables until the test is over
 */
export function useEnvironment(): (
  variables: Readonly<Record<string, string | undefined>>,
) => void {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (!(name in before)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, before);
  });
  return (variables) => {
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
