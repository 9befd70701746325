import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { artifactOptionsOf } from '../workspace/artifact-options';
import { runProcess } from '../workspace/process';
import { findPython } from '../workspace/python';
import type { Interpreter } from '../workspace/python';
import type { Service } from '../workspace/service';
import { bytecodePath, sourcePath, withBytecode } from './bytecode';
import { pythonCompiler } from './python-compiler';
import {
  sampleDistribution,
  sampleRuntime,
  sampleService,
  useTemporaryFolders,
  writeFiles,
} from './testing/samples';

const temporaryFolder = useTemporaryFolders();
const SOURCES = {
  'pkg/__init__.py': '"""Doc."""\nNAMES = frozenset({"b-b", "a-a", "len"})\n',
  'pkg/app.py': 'class A:\n    class Meta:\n        x = {"b-b", "/"}\n',
  'pkg/other.py': 'class A:\n    class Meta:\n        y = len\n',
  'pkg/data.json': '{}',
};

describe('withBytecode', () => {
  let python: Interpreter;
  let service: Service;

  beforeAll(async () => {
    python = await findPython(process.cwd());
    const version = /^3\.\d+/.exec(python.version)?.[0] ?? '';
    service = sampleService({
      runtime: { ...sampleRuntime(), pythonVersion: version },
      artifact: artifactOptionsOf({}),
    });
  });

  const compiled = async (
    files: Readonly<Record<string, string>>,
  ): Promise<Map<string, Buffer>> => {
    const { files: all } = await withBytecode(
      temporaryFolder(),
      service,
      '/var/task',
      (bytecode) => bytecode.addTo(sampleDistribution('pkg', files)),
    );
    return new Map(
      all
        .filter(({ path }) => path.endsWith('.pyc'))
        .map(({ path, read }) => [path, Buffer.from(read())]),
    );
  };

  it('compiles every source, valid whatever its date', async () => {
    const files = await compiled(SOURCES);
    const { pythonVersion } = service.runtime;
    expect([...files.keys()]).toEqual(
      ['pkg/__init__.py', 'pkg/app.py', 'pkg/other.py'].map((path) =>
        bytecodePath(path, pythonVersion),
      ),
    );
    for (const pyc of files.values()) expect(pyc.readUInt32LE(4)).toBe(1);
    const root = temporaryFolder();
    // Without its source beside it a pyc of this name is still found by a loader that is told of it.
    writeFiles(root, Object.fromEntries(files));
    const { stdout } = await runProcess(
      python.executable,
      [
        '-I',
        '-c',
        'import marshal, sys; code = marshal.loads(open(sys.argv[1], "rb").read()[16:]); print(code.co_filename); exec(code); print(sorted(NAMES))',
        join(root, bytecodePath('pkg/__init__.py', pythonVersion)),
      ],
      { cwd: root },
    );
    expect(stdout.split('\n')).toEqual([
      '/var/task/pkg/__init__.py',
      "['a-a', 'b-b', 'len']",
      '',
    ]);
  });

  it('gives the same bytes in any order, and alone', async () => {
    const together = await compiled(SOURCES);
    const reversed = await compiled(
      Object.fromEntries(Object.entries(SOURCES).reverse()),
    );
    for (const [path, pyc] of together) expect(reversed.get(path)).toEqual(pyc);
    const alone = await compiled({ 'pkg/other.py': SOURCES['pkg/other.py'] });
    for (const [path, pyc] of alone) expect(together.get(path)).toEqual(pyc);
  });

  it('leaves what does not compile, and tells of it', async () => {
    const distribution = await withBytecode(
      temporaryFolder(),
      service,
      '/var/task',
      (bytecode) =>
        bytecode.addTo(
          sampleDistribution('pkg', {
            'a.py': 'print "2"\n',
            'b.py': '{{ name }} = \n',
            'c.py': 'x = 1\n',
            'd.py': Buffer.from('x = "\xff"\n', 'latin1'),
          }),
        ),
    );
    expect(distribution.files).toHaveLength(5);
    expect(distribution.uncompiled).toEqual([
      { path: 'a.py', reason: expect.stringContaining('line 1: ') as string },
      { path: 'b.py', reason: expect.stringContaining('line 1: ') as string },
      { path: 'd.py', reason: expect.stringMatching(/./) as string },
    ]);
  });

  it('leaves the bytecode to whoever wants to hold it', async () => {
    const held: Uint8Array[] = [];
    const { files } = await withBytecode(
      temporaryFolder(),
      service,
      '/var/task',
      (bytecode) =>
        bytecode.addTo(sampleDistribution('pkg', SOURCES), (content) => {
          held.push(content);
          return { read: () => Buffer.from('held') };
        }),
    );
    const pycs = files.filter(({ path }) => path.endsWith('.pyc'));
    expect(pycs.map(({ read }) => Buffer.from(read()).toString())).toEqual([
      'held',
      'held',
      'held',
    ]);
    expect(held).toEqual([...(await compiled(SOURCES)).values()]);
  });

  it('starts no interpreter where nothing is compiled, and leaves no folder', async () => {
    const root = temporaryFolder();
    const identity = await withBytecode(
      root,
      service,
      '/opt/python',
      (bytecode) => Promise.resolve(bytecode.identity),
    );
    expect(identity).toContain(`CPython ${python.version}, magic number`);
    expect(identity).toContain('in /opt/python');
    expect(existsSync(join(root, '.nx/lambda-py/work'))).toBe(false);
  });

  it('does nothing where it is switched off', async () => {
    const root = temporaryFolder();
    const distribution = sampleDistribution('pkg', SOURCES);
    await expect(
      withBytecode(
        root,
        sampleService({ artifact: artifactOptionsOf({ bytecode: false }) }),
        '/var/task',
        (bytecode) => bytecode.addTo(distribution),
      ),
    ).resolves.toBe(distribution);
    expect(existsSync(join(root, '.nx'))).toBe(false);
  });

  it('names the ways out where the interpreter is missing', async () => {
    const runtime = { ...sampleRuntime(), pythonVersion: '3.99' };
    await expect(
      withBytecode(
        temporaryFolder(),
        { ...service, runtime },
        '/var/task',
        () => Promise.resolve(),
      ),
    ).rejects.toThrow(
      /no Python 3\.99[^]*uv python install 3\.99[^]*bytecode = false/,
    );
  });
});

describe('pythonCompiler', () => {
  it('fails, early or late, when the interpreter cannot run, and is then started anew', async () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'missing');
    const compiler = pythonCompiler(missing);
    await expect(
      compiler.compile(
        () => folder,
        [],
        (pyc) => pyc,
      ),
    ).rejects.toThrow('ENOENT');
    await expect(
      compiler.compile(
        () => folder,
        [],
        (pyc) => pyc,
      ),
    ).rejects.toThrow('ENOENT');
    expect(pythonCompiler(missing)).not.toBe(compiler);
  });

  it('reads no more sources than it can soon compile, first those that were asked for first', async () => {
    const { executable } = await findPython(process.cwd());
    const compiler = pythonCompiler(executable);
    const content = Buffer.alloc(600_000, '#\n');
    const read: string[] = [];
    const mostRead: number[] = [];
    let finished = 0;
    const compile = (name: string): Promise<unknown> =>
      compiler.compile(
        temporaryFolder,
        (function* () {
          for (let index = 0; index < 20; index += 1) {
            read.push(name);
            mostRead.push(read.length - finished);
            yield { path: name, content };
          }
        })(),
        () => {
          finished += 1;
        },
      );
    await Promise.all([compile('a'), compile('b')]);
    expect(finished).toBe(40);
    expect(read.join('')).toBe('a'.repeat(20) + 'b'.repeat(20));
    // Two for each of at most four processes, and those that are read before it is known that there is no room.
    expect(Math.max(...mostRead)).toBeLessThan(15);
  });

  it('makes the same of a small source as of a large one, and needs no folder for it', async () => {
    const { executable } = await findPython(process.cwd());
    const compiler = pythonCompiler(executable);
    const small = { path: 'a', content: Buffer.from('é = "\\n"\n') };
    const padding = { path: 'b', content: Buffer.alloc(20_000, '#\n') };
    const noFolder = jest.fn(() => temporaryFolder());
    const compile = (...sources: (typeof small)[]) =>
      compiler.compile(noFolder, sources, (pyc) => pyc.toString('hex'));
    const [alone] = await compile(small);
    expect(noFolder).not.toHaveBeenCalled();
    const [together] = await compile(small, padding);
    expect(noFolder).toHaveBeenCalledTimes(1);
    expect(alone).toHaveProperty('pyc');
    expect(alone).toEqual(together);
  });

  it('serves everybody, each from a folder of his own', async () => {
    const { executable } = await findPython(process.cwd());
    const compiler = pythonCompiler(executable);
    expect(pythonCompiler(executable)).toBe(compiler);
    const content = Buffer.from('a = 1\ndef b(): ...\n');
    const large = Buffer.alloc(20_000, '#\n');
    const gone = join(temporaryFolder(), 'gone');
    mkdirSync(gone);
    const answers = await Promise.allSettled([
      compiler.namesOf(temporaryFolder, content),
      // As when the other one has given up meanwhile, and taken its folder with it.
      withdrawn(gone, () =>
        compiler.compile(
          () => gone,
          [{ path: 'a', content: large }],
          (pyc) => pyc,
        ),
      ),
      compiler.namesOf(temporaryFolder, content),
      compiler.namesOf(temporaryFolder, Buffer.from('from os import *')),
      compiler.namesOf(temporaryFolder, Buffer.from('x = (')),
    ]);
    expect(answers).toEqual([
      {
        status: 'fulfilled',
        value: { names: ['a', 'b'], open: false },
      },
      {
        status: 'rejected',
        // Of Python, which finds no sources; or of this process, which finds no results.
        reason: expect.objectContaining({
          message: expect.stringMatching(/FileNotFoundError|ENOENT/) as string,
        }) as Error,
      },
      {
        status: 'fulfilled',
        value: { names: ['a', 'b'], open: false },
      },
      { status: 'fulfilled', value: { names: [], open: true } },
      {
        status: 'fulfilled',
        value: { reason: expect.stringContaining('line 1: ') as string },
      },
    ]);
  });
});

/** Takes the folder away as soon as the question is asked. */
async function withdrawn<Result>(
  folder: string,
  ask: () => Promise<Result>,
): Promise<Result> {
  const answer = ask();
  while (readdirSync(folder).length === 0) await Promise.resolve();
  rmSync(folder, { recursive: true });
  return answer;
}

describe('bytecodePath', () => {
  it.each([
    ['six.py', '__pycache__/six.cpython-313.pyc'],
    ['a/b/__init__.py', 'a/b/__pycache__/__init__.cpython-313.pyc'],
  ])('%s is compiled to %s', (source, pyc) => {
    expect(bytecodePath(source, '3.13')).toBe(pyc);
    expect(sourcePath(pyc)).toBe(source);
    expect(sourcePath(source)).toBeUndefined();
  });
});
