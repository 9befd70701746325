import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import { openContentCache } from '../content-cache';
import type { BuildSettings } from '../../workspace/imports/build-settings';
import { findUndeclaredImports } from './undeclared-imports';
import type { ImportCache } from './known-files';

const makeFolder = useTemporaryFolders();

const hashOf = (text: string): string => `hash of ${text}`;

const PACKAGES = {
  'libs/shared/src/shared/__init__.py': '',
  'libs/other/src/other/__init__.py': '',
};

/** A workspace of the members orders, shared and other, with a cache that lives as long as the workspace. */
function workspaceOf(orders: Readonly<Record<string, string>>) {
  const folder = makeFolder();
  let cache: ImportCache = openContentCache(undefined, 'imports.json');
  const contents: Record<string, string> = { ...PACKAGES };
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      contents[file] = text;
      folder.write(file, text);
    }
  };
  write(PACKAGES);
  write(orders);
  const calls = join(folder.path, 'calls');
  return {
    write,
    /** A ruff that finds an import of each given name on line 1 of each given file. */
    ruff(found: Readonly<Record<string, string>>): void {
      const output = Object.entries(found).map(([file, name]) => ({
        code: name === 'broken' ? 'invalid-syntax' : 'TID251',
        filename: join(folder.path, file),
        message: `\`${name}\` is banned: ${name}`,
        location: { row: 1, column: 1 },
      }));
      folder.write('output', JSON.stringify(output));
      folder.script(
        '.venv/bin/ruff',
        `sed '1,/^--$/d' "\${2#@}" >> "${calls}"; echo >> "${calls}"`,
        `cat "${folder.path}/output"`,
      );
    },
    async find(declared: readonly string[] = []) {
      const member = (name: string, projectRoot: string) => ({
        name,
        projectRoot,
        declared: new Set(name === 'orders' ? declared : []),
        files: Object.keys(contents)
          .filter((file) => file.startsWith(`${projectRoot}/`))
          .map((file) => ({ file, hash: hashOf(contents[file] ?? '') })),
      });
      const found = await findUndeclaredImports(
        folder.path,
        [
          member('orders', 'services/orders'),
          member('shared', 'libs/shared'),
          member('other', 'libs/other'),
        ],
        cache,
        hashOf,
      );
      return found.map(({ member: from, imported }) => `${from} ${imported}`);
    },
    /** The files that ruff was asked to parse since the last time. */
    parsed(): readonly string[] {
      if (!existsSync(calls)) return [];
      const lines = readFileSync(calls, 'utf8').trim().split('\n');
      folder.write('calls', '');
      return lines
        .filter((line) => line !== '')
        .map((line) => line.slice(folder.path.length + 1));
    },
    forget(): void {
      cache = openContentCache(undefined, 'imports.json');
    },
  };
}

describe('findUndeclaredImports', () => {
  const app = 'services/orders/src/orders/app.py';

  it('parses only the files that mention an undeclared member', async () => {
    const workspace = workspaceOf({
      [app]: 'import shared\n',
      'services/orders/src/orders/other.py': 'import os\nshared = 1\n',
      'services/orders/tests/test_a.py': '"""Does not import other."""\n',
      'services/orders/README.md': 'import shared\n',
    });
    workspace.ruff({ [app]: 'shared' });
    expect(await workspace.find()).toEqual(['orders shared']);
    expect(workspace.parsed()).toEqual([
      app,
      'services/orders/tests/test_a.py',
    ]);
    expect(await workspace.find()).toEqual(['orders shared']);
    expect(workspace.parsed()).toEqual([]);
  });

  it('sees a declaration, and that it is gone, without a parser', async () => {
    const workspace = workspaceOf({ [app]: 'import shared\n' });
    workspace.ruff({ [app]: 'shared' });
    expect(await workspace.find(['shared'])).toEqual([]);
    expect(workspace.parsed()).toEqual([]);
    expect(await workspace.find()).toEqual(['orders shared']);
    expect(workspace.parsed()).toEqual([app]);
    expect(await workspace.find(['shared'])).toEqual([]);
    expect(await workspace.find()).toEqual(['orders shared']);
    expect(workspace.parsed()).toEqual([]);
  });

  it('parses a file again when it has changed', async () => {
    const workspace = workspaceOf({ [app]: 'import shared\n' });
    workspace.ruff({ [app]: 'shared' });
    await workspace.find();
    workspace.write({ [app]: '# import shared\n' });
    workspace.ruff({});
    workspace.parsed();
    expect(await workspace.find()).toEqual([]);
    expect(workspace.parsed()).toEqual([app]);
  });

  it.each([
    ['there is no ruff', undefined],
    ['ruff fails', 'exit 2'],
    ['the file is no Python', 'broken'],
  ])('takes a mention for an import where %s', async (_, state) => {
    const workspace = workspaceOf({ [app]: 'import (shared\n' });
    if (state === 'broken') workspace.ruff({ [app]: 'broken' });
    else if (state !== undefined) {
      workspace.write({ '.venv/bin/ruff': 'not a program' });
    }
    expect(await workspace.find()).toEqual(['orders shared']);
    workspace.ruff({});
    expect(await workspace.find()).toEqual([]);
  });

  it('passes over a file that has gone', async () => {
    const workspace = workspaceOf({ [app]: 'import shared\n' });
    const gone = { 'services/orders/src/orders/gone.py': '' };
    workspace.write(gone);
    expect(await workspace.find(['shared'])).toEqual([]);
    workspace.forget();
    expect(await workspace.find(['shared'])).toEqual([]);
  });
});

/** What members find of each other without a parser: a mention counts. */
async function findBetween(
  members: Readonly<
    Record<
      string,
      {
        readonly files: Readonly<Record<string, string>>;
        readonly buildSettings?: BuildSettings;
        readonly isInEveryTest?: boolean;
      }
    >
  >,
) {
  const folder = makeFolder();
  const found = await findUndeclaredImports(
    folder.path,
    Object.entries(members).map(([name, { files, ...rest }]) => {
      for (const [file, text] of Object.entries(files)) {
        folder.write(`libs/${name}/${file}`, text);
      }
      return {
        name,
        projectRoot: `libs/${name}`,
        declared: new Set<string>(),
        files: Object.keys(files).map((file) => ({
          file: `libs/${name}/${file}`,
          hash: '',
        })),
        ...rest,
      };
    }),
    openContentCache(undefined, 'imports.json'),
    hashOf,
  );
  return found.map(({ member, imported }) => `${member} ${imported}`);
}

describe('findUndeclaredImports, by where the code stands', () => {
  const user = { files: { 'tests/test_a.py': 'import geo\n' } };
  const settings = (...paths: readonly string[]) => ({
    isInstalled: true,
    paths,
    moduleNames: [],
  });

  it.each([
    ['the folder of the project', 'geo/__init__.py', undefined],
    ['it, by the settings', 'geo/__init__.py', settings('')],
    [
      'the folder of the settings',
      'python/geo/__init__.py',
      settings('python'),
    ],
    ['a folder of stubs', 'src/geo-stubs/__init__.pyi', undefined],
    [
      'no file yet',
      'README.md',
      { ...settings(), moduleNames: ['geo._native'] },
    ],
  ])('finds code in %s', async (_, file, buildSettings) => {
    const geo = { [file]: '' };
    expect(
      await findBetween({
        user,
        'acme-geo':
          buildSettings === undefined
            ? { files: geo }
            : { files: geo, buildSettings },
      }),
    ).toEqual(['user acme-geo']);
  });

  it('tells the parts of a namespace apart, where modules stand directly in it', async () => {
    expect(
      await findBetween({
        'acme-util': {
          files: {
            'src/acme/util.py': '',
            'tests/test_util.py': 'from acme.geo import ANSWER\n',
          },
        },
        'acme-geo': { files: { 'src/acme/geo/__init__.py': '' } },
      }),
    ).toEqual(['acme-util acme-geo']);
  });

  it('counts what every pytest loads by a plugin as imported by every member', async () => {
    expect(
      await findBetween({
        user: { files: { 'src/user/__init__.py': '' } },
        kit: {
          files: { 'src/kit/__init__.py': 'import geo\n' },
          isInEveryTest: true,
        },
        geo: { files: { 'src/geo/__init__.py': '' } },
      }),
    ).toEqual(['kit geo', 'user geo']);
  });
});
