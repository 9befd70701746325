import type { PackedProject } from '../workspace/service';
import type {
  Distribution,
  DistributionFile,
  UncompiledFile,
} from './distribution';
import { canonicalMarshal } from './marshal';
import { pythonCompiler } from './python-compiler';
import type { CompiledSource } from './python-compiler';
import type { Source } from './python-interpreter';
import { targetInterpreter } from './target-interpreter';
import { withWorkFolder } from './work-folder';

/** Adds bytecode to distributions; or, where it is switched off, leaves them as they are. */
export interface Bytecode {
  /**
   * All that the bytecode depends on besides the sources and their paths: a part of content keys.
   *
   * The full version is in it. Every 3.13 runs the bytecode of every other, but a bug fix of the compiler may change
   * what it writes: artifacts have the same bytes on two machines only where their interpreters are of the same version,
   * which the manifest names.
   */
  readonly identity: string;
  /** The full version of the interpreter that compiles; none where nothing is compiled. */
  readonly pythonVersion?: string;
  /** Says that something will have to be compiled, so that the interpreter starts while other work is done. */
  readonly prepare: () => void;
  /** Adds it; each pyc is given to `hold` while others are still compiled, and is its to read. */
  readonly addTo: (
    distribution: Distribution,
    hold?: HoldContent,
  ) => Promise<Distribution>;
}

/** How a content is held until its distribution is encoded. */
export type HoldContent = (
  content: Uint8Array,
) => Pick<DistributionFile, 'read' | 'early'>;

const NO_BYTECODE: Bytecode = {
  identity: 'no bytecode',
  prepare: () => undefined,
  addTo: (distribution) => Promise.resolve(distribution),
};

/**
 * Where Lambda unpacks a function, and where Python looks for modules of a layer:
 * https://docs.aws.amazon.com/lambda/latest/dg/python-package.html, …/python-layers.html
 */
export type CodeRoot = '/var/task' | '/opt/python';

/** What every path in the zip starts with, so that it comes to the code root: Lambda unpacks layers into `/opt`. */
export const ZIP_PREFIXES: Readonly<Record<CodeRoot, string>> = {
  '/var/task': '',
  '/opt/python': 'python/',
};

/** Four bytes each of magic number and flags, eight of the source's hash: PEP 552. */
const PYC_HEADER_BYTES = 16;

/**
 * Gives bytecode to some work. The interpreter is started only if the work asks for it.
 *
 * @param workspaceRoot - absolute path
 * @param project - whose runtime the bytecode is for, and which may want none
 * @param codeRoot - where the sources will be: the path that tracebacks show
 * @param work - what uses it
 * @returns what the work returns
 * @throws a LambdaPyError when bytecode is wanted, and no interpreter of the runtime's version is there
 */
export async function withBytecode<Result>(
  workspaceRoot: string,
  { runtime, artifact }: PackedProject,
  codeRoot: CodeRoot,
  work: (bytecode: Bytecode) => Promise<Result>,
): Promise<Result> {
  if (!artifact.bytecode) return work(NO_BYTECODE);
  const { pythonVersion } = runtime;
  const { executable, version, magic } = await targetInterpreter(
    workspaceRoot,
    pythonVersion,
  );
  return withWorkFolder(workspaceRoot, (folder) =>
    work({
      identity: `bytecode of CPython ${version}, magic number ${magic}, in ${codeRoot}`,
      pythonVersion: version,
      prepare: () => {
        pythonCompiler(executable);
      },
      addTo: (distribution, hold = (content) => ({ read: () => content })) =>
        addBytecode(distribution, pythonVersion, codeRoot, (sources, finish) =>
          pythonCompiler(executable).compile(folder, sources, (pyc) =>
            hold(finish(pyc)),
          ),
        ),
    }),
  );
}

/**
 * Compiles the sources of a distribution, each into `__pycache__` beside it. What is not valid for the interpreter is
 * left as it is, as `python -m compileall` does: wheels hold templates, and code for other versions.
 */
async function addBytecode(
  distribution: Distribution,
  pythonVersion: string,
  codeRoot: CodeRoot,
  compile: (
    sources: Iterable<Source>,
    finish: (pyc: Buffer) => Buffer,
  ) => Promise<readonly CompiledSource<ReturnType<HoldContent>>[]>,
): Promise<Distribution> {
  const sources = distribution.files.filter(({ path }) => path.endsWith('.py'));
  if (sources.length === 0) return distribution;
  const compiled = await compile(readSources(sources, codeRoot), (pyc) =>
    Buffer.concat([
      pyc.subarray(0, PYC_HEADER_BYTES),
      canonicalMarshal(pyc.subarray(PYC_HEADER_BYTES), pythonVersion),
    ]),
  );
  const files: DistributionFile[] = [];
  const uncompiled: UncompiledFile[] = [];
  sources.forEach(({ path }, index) => {
    const result = compiled[index];
    if (result === undefined) throw new Error(`no bytecode of ${path}`);
    if ('reason' in result) {
      uncompiled.push({ path, reason: result.reason });
      return;
    }
    files.push({ path: bytecodePath(path, pythonVersion), ...result.pyc });
  });
  return {
    ...distribution,
    files: [...distribution.files, ...files],
    ...(uncompiled.length === 0 ? {} : { uncompiled }),
  };
}

/** Each when it is asked for: all together take tens of MB. */
function* readSources(
  sources: readonly DistributionFile[],
  codeRoot: CodeRoot,
): Generator<Source, void> {
  for (const { path, read } of sources) {
    yield { path: `${codeRoot}/${path}`, content: read() };
  }
}

/**
 * Where Python looks for a source's bytecode: PEP 3147.
 *
 * @param path - the source's: `orders/app.py`
 * @param pythonVersion - major and minor: `3.13`
 * @returns for instance `orders/__pycache__/app.cpython-313.pyc`
 */
export function bytecodePath(path: string, pythonVersion: string): string {
  const tag = `cpython-${pythonVersion.replace('.', '')}`;
  return path.replace(
    /(?<folder>^|.*\/)(?<module>[^/]+)\.py$/,
    `$<folder>__pycache__/$<module>.${tag}.pyc`,
  );
}

/**
 * The source that a file was compiled from.
 *
 * @param path - a path in the artifact
 * @returns the source's path; `undefined` where the file is no bytecode
 */
export function sourcePath(path: string): string | undefined {
  const { folder, module } =
    /^(?<folder>.*\/|)__pycache__\/(?<module>[^/]+)\.cpython-\d+\.pyc$/.exec(
      path,
    )?.groups ?? {};
  return folder === undefined || module === undefined
    ? undefined
    : `${folder}${module}.py`;
}
