import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import { findPythonOfVersion } from '../workspace/python';
import type { Service } from '../workspace/service';
import { HANDLER_NAMES_SCRIPT } from './handler-names-script';
import type { HandlerModule } from './handler-source';
import { helperInterpreter } from './interpreter';
import { inWorkFolder } from './work-folder';

const reportSchema = v.union([
  v.object({ error: v.string(), line: v.nullable(v.number()) }),
  v.object({ names: v.array(v.string()), open: v.boolean() }),
]);
type Report = v.InferOutput<typeof reportSchema>;

/**
 * Checks that the handler's module defines the handler, without running it.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @param handler - the module as found in the artifact
 * @throws {@link LambdaPyError} when the name is missing at module level, or the source does not parse
 */
export async function requireHandler(
  workspaceRoot: string,
  service: Service,
  handler: HandlerModule,
): Promise<void> {
  const { source } = handler;
  if (source === undefined) return;
  const report = await inWorkFolder(workspaceRoot, (work) => {
    const file = join(work, 'handler.py');
    writeFileSync(file, source);
    return reportOf(workspaceRoot, service, file);
  });
  if (report !== undefined) judgeReport(service, handler, report);
}

/**
 * Reads the names with the helper interpreter. What that cannot parse may be a newer Python's syntax: the runtime's
 * own version decides, and where this machine lacks it, nobody can.
 */
async function reportOf(
  workspaceRoot: string,
  service: Service,
  file: string,
): Promise<Report | undefined> {
  const { pythonVersion } = service.runtime;
  const helper = await helperInterpreter(workspaceRoot);
  const report = await runScript(helper.executable, file, workspaceRoot);
  if ('names' in report || helper.version.startsWith(`${pythonVersion}.`)) {
    return report;
  }
  const exact = await findPythonOfVersion(pythonVersion, workspaceRoot);
  return exact && runScript(exact.executable, file, workspaceRoot);
}

async function runScript(
  python: string,
  file: string,
  cwd: string,
): Promise<Report> {
  const { exitCode, stdout, stderr } = await runProcess(
    python,
    ['-I', '-S', '-c', HANDLER_NAMES_SCRIPT, file],
    { cwd },
  );
  if (exitCode !== 0) throw new Error(`${python} failed: ${stderr}`);
  return v.parse(reportSchema, JSON.parse(stdout));
}

/**
 * Judges what the parser found.
 *
 * @param service - the service
 * @param handler - its handler
 * @param report - what the script printed
 * @throws {@link LambdaPyError} when the module does not define the handler
 */
export function judgeReport(
  service: Service,
  { moduleName, attribute, path }: HandlerModule,
  report: Report,
): void {
  if ('error' in report) {
    const place = report.line === null ? '' : `line ${report.line}: `;
    throw new LambdaPyError({
      file: service.projectRoot,
      location: path,
      problem: `the handler's module is not valid for ${service.runtime.identifier}`,
      found: `${place}${report.error}`,
      mend: `correct ${path}`,
    });
  }
  if (report.open || report.names.includes(attribute)) return;
  const candidates = report.names.filter((name) => !name.startsWith('_'));
  throw new LambdaPyError({
    file: `${service.projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] handler',
    problem: `the module ${moduleName} does not define ${attribute}`,
    found: JSON.stringify(service.handler),
    expected:
      candidates.length === 0
        ? `a function in ${path}`
        : `one of the names in ${path}: ${candidates.slice(0, 20).join(', ')}`,
    mend: `define ${attribute} in ${path}, or correct the handler`,
  });
}
