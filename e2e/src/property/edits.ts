import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  LIBRARIES,
  SERVICES,
  withHandler,
  writePyproject,
} from '../support/scenario-workspace';
import type { Member } from '../support/scenario-workspace';
import type { Workspace } from '../support/workspace';
import type { Random } from './random';

const FOLDERS = [
  ...[...LIBRARIES, ...SERVICES].map(({ folder }) => folder),
  ...['libs/contracts', 'libs/seed-data', 'libs/lambda-kit'],
  ...['services/orders', 'vendor/parser-kit'],
];

// Each in two versions that nothing else forbids.
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  inflection: ['0.5.0', '0.5.1'],
  tabulate: ['0.8.10', '0.9.0'],
  'tomli-w': ['1.1.0', '1.2.0'],
  soupsieve: ['2.6', '2.7'],
  sortedcontainers: ['2.3.0', '2.4.0'],
  ruff: ['0.17.5', '0.17.6'],
};

/** What each library and service may come to depend on: only those before it, so that there is no circle. */
const CANDIDATES = [
  ...['contracts', 'text_utils', 'reports', 'Text.Utils', 'seed_data'],
  ...['inflection', 'tabulate', 'tomli-w'],
];
const WORKSPACE_NAMES = ['contracts', 'text-utils', 'reports', 'seed-data'];

/** Makes random edits, one after the other, each of a kind that users make. */
export class Edits {
  private readonly members = new Map<string, Member>(
    [...LIBRARIES, ...SERVICES.map(withHandler)].map((member) => [
      member.folder,
      member,
    ]),
  );
  private count = 0;

  constructor(
    private readonly workspace: Workspace,
    private readonly random: Random,
  ) {}

  /**
   * Makes one edit. uv.lock is true to the pyproject files afterwards; requirements.txt need not be.
   *
   * @returns what was done, for people
   */
  make(): string {
    this.count += 1;
    const dice = this.random.next();
    if (dice < 0.5) return this.editFile();
    if (dice < 0.7) return this.bump();
    if (dice < 0.85) return this.toggleDependency();
    return this.configure();
  }

  private editFile(): string {
    const folder = this.random.pick(FOLDERS);
    const module = folder.replace(/.*\//, '').replaceAll('-', '_');
    const sources = existsSync(join(this.workspace.root, folder, 'src'))
      ? `src/${module}`
      : module;
    const name = this.random.pick(['one', 'two']);
    const file = this.random.pick([
      `${folder}/${sources}/${name}.py`,
      `${folder}/${sources}/${name}.py`,
      `${folder}/${sources}/${name}.json`,
      `${folder}/${sources}/${name}.ignored.json`,
      `${folder}/tests/unit/test_${name}.py`,
      `${folder}/tests/unit/${name}.json`,
      `${folder}/events/${name}.py`,
      `${folder}/events/${name}.json`,
      `${folder}/infra/${name}.yaml`,
      `${folder}/README.md`,
      `docs/${name}.md`,
    ]);
    if (this.has(file) && !file.endsWith('.md') && this.random.chance(0.4)) {
      rmSync(join(this.workspace.root, file));
      return `delete ${file}`;
    }
    // A few contents only, so that a file comes back to an earlier state.
    const content = `# ${this.random.below(4)}\n`;
    this.workspace.write(file, content);
    return `write ${file}: ${content.trim()}`;
  }

  private bump(): string {
    const name = this.random.pick(Object.keys(VERSIONS));
    const version = this.random.pick(VERSIONS[name] ?? []);
    this.workspace.uv([
      ...['lock', '--quiet', '--upgrade-package', `${name}==${version}`],
    ]);
    return `lock ${name}==${version}`;
  }

  private toggleDependency(): string {
    const member = this.random.pick([...this.members.values()]);
    const dependency = this.random.pick(this.allowedFor(member));
    const dependencies = member.dependencies ?? [];
    const isThere = dependencies.includes(dependency);
    const edited = {
      ...member,
      dependencies: isThere
        ? dependencies.filter((name) => name !== dependency)
        : [...dependencies, dependency],
    };
    this.members.set(member.folder, edited);
    writePyproject(this.workspace, withSources(edited));
    this.workspace.uv(['lock', '--quiet']);
    return `${isThere ? 'take' : 'give'} ${dependency} ${isThere ? 'from' : 'to'} ${member.name}`;
  }

  private allowedFor({ folder }: Member): readonly string[] {
    const limit: Readonly<Record<string, number>> = {
      'libs/text-utils': 1,
      'libs/reports': 2,
    };
    const local = CANDIDATES.slice(0, 5).slice(0, limit[folder] ?? 5);
    return [...local, ...CANDIDATES.slice(5)];
  }

  private configure(): string {
    const value = this.random.below(3);
    const service = this.random.pick(SERVICES);
    const edits: readonly (readonly [string, string])[] = [
      ['ruff.toml', `extend = "pyproject.toml"\nline-length = ${88 + value}\n`],
      [
        'pytest.ini',
        `[pytest]\naddopts = ${['-ra', '-q', '-v'][value] ?? ''}\n`,
      ],
      ['typings/inflection/__init__.pyi', `X: int = ${value}\n`],
      ['.python-version', `3.1${1 + value}\n`],
      ['services/.keep', `${value}\n`],
    ];
    if (this.random.chance(0.4)) {
      const member = this.members.get(service.folder) ?? service;
      const runtime = `runtime = "python3.1${1 + value}"`;
      const edited = {
        ...member,
        tables: (member.tables ?? []).map((table) =>
          table.replace(/runtime = ".*"/, runtime),
        ),
      };
      this.members.set(service.folder, edited);
      writePyproject(this.workspace, withSources(edited));
      return `${service.name}: ${runtime}`;
    }
    const [file, content] = this.random.pick(edits);
    if (this.has(file) && this.random.chance(0.3)) {
      rmSync(join(this.workspace.root, file));
      return `delete ${file}`;
    }
    this.workspace.write(file, content);
    return `write ${file}: ${value}`;
  }

  private has(file: string): boolean {
    return existsSync(join(this.workspace.root, file));
  }
}

/** Names every member of the workspace among the sources, whether it is needed or not. */
function withSources(member: Member): Member {
  const isNamed = (name: string): boolean =>
    (member.tables ?? []).some((table) => table.includes(`${name} = {`));
  const lines = WORKSPACE_NAMES.filter((name) => !isNamed(name)).map(
    (name) => `${name} = { workspace = true }`,
  );
  const header = '[tool.uv.sources]';
  const tables = member.tables ?? [];
  const has = tables.some((table) => table.startsWith(header));
  return {
    ...member,
    tables: has
      ? tables.map((table) =>
          table.startsWith(header) ? [table, ...lines].join('\n') : table,
        )
      : [[header, ...lines].join('\n'), ...tables],
  };
}
