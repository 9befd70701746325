import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../process';

/** Where a file imports what. */
export interface FoundImport {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The one of the names that were asked for, which is imported whole or in part. */
  readonly importName: string;
}

/** What a parser said of files. */
export interface ParsedImports {
  readonly imports: readonly FoundImport[];
  /** The files that are no Python, so that the parser cannot tell: absolute paths. */
  readonly unparsed: ReadonlySet<string>;
}

/** A finding in ruff's JSON. */
interface Diagnostic {
  readonly code: string | null;
  readonly filename: string;
  readonly message: string;
  readonly location: { readonly row: number; readonly column: number };
}

// Long before this ruff has parsed a hundred thousand files.
const TIMEOUT_MS = 60_000;

/**
 * Lets ruff's parser find the imports of some modules, in one process, wherever they stand: at the top, in a function,
 * behind a condition.
 *
 * ruff's rule for modules that nobody may import (TID251) reports their imports with their place, and works without
 * regard to the user's settings.
 *
 * @param ruff - the executable
 * @param paths - files, or folders to look for files in that git does not ignore: absolute paths
 * @param importNames - dotted names
 * @returns the imports; `undefined` when ruff does not work
 */
export async function parseImports(
  ruff: string,
  paths: readonly string[],
  importNames: readonly string[],
): Promise<ParsedImports | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-py-imports-'));
  try {
    // A command line has not the room for the files of a large workspace: ruff reads the rest of its own from a file.
    const rest = join(folder, 'arguments');
    writeFileSync(rest, ruffArguments(paths, importNames).join('\n'));
    const { exitCode, stdout } = await runProcess(ruff, ['check', `@${rest}`], {
      cwd: folder,
      env: withoutRuffSettings(process.env),
      timeoutMs: TIMEOUT_MS,
    });
    return exitCode === 0 ? readDiagnostics(stdout) : undefined;
  } catch {
    // It cannot be started (an environment that was moved, or made for another machine), or prints something else.
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ruffArguments(
  paths: readonly string[],
  importNames: readonly string[],
): readonly string[] {
  const banned = importNames
    .map(
      (name) => `${JSON.stringify(name)} = { msg = ${JSON.stringify(name)} }`,
    )
    .join(', ');
  return [
    '--isolated',
    '--no-cache',
    '--ignore-noqa',
    '--exit-zero',
    '--quiet',
    '--output-format=json',
    '--select=TID251',
    // Newer syntax than the default's must not count as an error.
    '--target-version=py313',
    '--config',
    `lint.flake8-tidy-imports.banned-api = { ${banned} }`,
    '--',
    ...paths,
  ];
}

function readDiagnostics(output: string): ParsedImports {
  const imports: FoundImport[] = [];
  const unparsed = new Set<string>();
  // Graph creation comes here: a schema library would take longer to load than ruff runs.
  for (const diagnostic of JSON.parse(output) as readonly Diagnostic[]) {
    const { code, filename: file, message, location } = diagnostic;
    if (code !== 'TID251') {
      unparsed.add(file);
      continue;
    }
    imports.push({
      file,
      line: location.row,
      column: location.column,
      // The message ends in the one that the name was given.
      importName: message.split(' is banned: ').at(-1) ?? '',
    });
  }
  return { imports, unparsed };
}

function withoutRuffSettings(
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('RUFF_')),
  );
}
