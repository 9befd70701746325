import { requireArchitecture } from './architecture-guard';
import { elfMachine, machineName } from './elf';
import { requireHandler } from './handler-guard';
import { findHandlerModule } from './handler-source';
import {
  elfHeader,
  sampleContents,
  sampleEntries,
  sampleService,
  useTemporaryFolders,
} from './testing/samples';

const temporaryFolder = useTemporaryFolders();

describe('requireArchitecture', () => {
  const entries = sampleEntries({
    fast: { 'fast/_fast.so': elfHeader(183), 'fast/lib.so.5': elfHeader(183) },
  });

  it('takes shared libraries of the architecture', () => {
    expect(() => {
      requireArchitecture(entries, 'arm64');
    }).not.toThrow();
  });

  it('refuses those of another, by name', () => {
    expect(() => {
      requireArchitecture(entries, 'x86_64');
    }).toThrow(
      /fast 1\.0 .*x86_64\n.*_fast\.so \(arm64\), fast\/lib\.so\.5 \(arm64\)/,
    );
  });

  it('takes what is no shared library', () => {
    const others = sampleEntries({
      tools: { 'tools/helper': elfHeader(183), 'tools/script.so': 'INPUT(x)' },
    });
    expect(() => {
      requireArchitecture(others, 'x86_64');
    }).not.toThrow();
  });

  it('reads both byte orders and names what Lambda has not', () => {
    const big = elfHeader(0);
    big[5] = 2;
    big.writeUInt16BE(62, 18);
    expect(elfMachine(big)).toBe(62);
    expect(elfMachine(Buffer.from('short'))).toBeUndefined();
    expect(machineName(40)).toBe('ELF machine 40');
  });
});

describe('findHandlerModule', () => {
  it('prefers a package to a module, as Python does', () => {
    const contents = sampleContents({
      orders: { 'orders/handler.py': '1', 'orders/handler/__init__.py': '2' },
    });
    expect(findHandlerModule(sampleService(), contents)).toMatchObject({
      moduleName: 'orders.handler',
      attribute: 'handler',
      path: 'orders/handler/__init__.py',
    });
  });

  it('takes a compiled module on trust', () => {
    const path = 'orders/handler.cpython-313-x86_64-linux-gnu.so';
    const handler = findHandlerModule(
      sampleService(),
      sampleContents({ orders: { [path]: elfHeader(62) } }),
    );
    expect(handler.path).toBe(path);
    expect(handler).not.toHaveProperty('source');
  });

  it('names the modules that there are when the right one is missing', () => {
    const contents = sampleContents({ orders: { 'orders/app.py': '' } });
    expect(() => findHandlerModule(sampleService(), contents)).toThrow(
      /handler: the artifact has no module orders\.handler\n.*\n.*orders\/app\.py/,
    );
  });

  it('says so when the wheel holds no module at all', () => {
    expect(() =>
      findHandlerModule(sampleService(), sampleContents({})),
    ).toThrow('a wheel of orders that holds its modules');
  });
});

describe('requireHandler', () => {
  const check = (source: string) => {
    const service = sampleService({ handler: 'orders.handler.handler' });
    const contents = sampleContents({
      orders: { 'orders/handler.py': source },
    });
    const handler = findHandlerModule(service, contents);
    return requireHandler(temporaryFolder(), service, handler);
  };

  it.each([
    ['a function', 'def handler(event, context): ...'],
    ['an async function', 'async def handler(event, context): ...'],
    ['a class', 'class handler: ...'],
    ['an assignment', 'handler = print'],
    ['an annotated assignment', 'handler: object = print'],
    ['an unpacking', 'a, (handler, *b) = 1, (2, 3)'],
    ['a walrus', 'if (handler := print): ...'],
    ['an import', 'from orders.api import handler'],
    ['an alias', 'from orders.api import main as handler'],
    ['a module', 'import handler.inner'],
    ['a condition', 'import os\nif os.name:\n    def handler(e, c): ...'],
    ['an attempt', 'try:\n    import a\nexcept ImportError:\n    handler = 1'],
    ['a star import', 'from orders.api import *'],
    ['a module __getattr__', 'def __getattr__(name): ...'],
    ['a global statement', 'def set():\n    global handler\n    handler = 1'],
    ['an encoding', '# -*- coding: latin-1 -*-\nhandler = "\xe9"'],
  ])('finds the handler in %s', async (_, source) => {
    await expect(check(source)).resolves.toBeUndefined();
  });

  it.each([
    ['a nested function', 'def f():\n    def handler(e, c): ...'],
    ['a method', 'class App:\n    def handler(self, e, c): ...'],
    ['a string', '"""\ndef handler(event, context): ...\n"""'],
    ['a bare annotation', 'handler: object'],
    ['a lambda', 'f = lambda: (handler := 1)'],
    ['nothing', ''],
  ])('does not find it in %s', async (_, source) => {
    await expect(check(source)).rejects.toThrow(
      'the module orders.handler does not define handler',
    );
  });

  it('names what the module defines', async () => {
    await expect(check('def main(e, c): ...\n_private = 1')).rejects.toThrow(
      /one of the names in orders\/handler\.py: main\n/,
    );
  });

  it('never runs the module', async () => {
    await expect(check('raise SystemExit(3)\nhandler = 1')).resolves.toBe(
      undefined,
    );
  });

  it('tells line and reason of a syntax error', async () => {
    await expect(check('x = 1\ndef handler(:\n')).rejects.toThrow(
      /not valid for python3\.13\n.*line 2: /,
    );
  });
});
