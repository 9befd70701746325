import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { isAbsolute, relative, resolve } from 'node:path';
import { formatMegabytes } from '../../artifact/limits';
import type { Manifest } from '../../artifact/manifest';
import { packLayer, packService } from '../../artifact/pack';
import type { PackOptions } from '../../artifact/pack';
import { LambdaPyError } from '../../workspace/errors';
import { readArtifactProject } from '../../workspace/service';
import { projectFoldersOf } from '../project-folders';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import { toolTimeout } from '../tool-timeout';
import type { PackExecutorSchema } from './schema';

/** Where artifacts go when the option `outputPath` is left out. */
export const DEFAULT_OUTPUT_PATH = 'dist/{projectRoot}';

/**
 * Packs a project that is a service or a layer.
 *
 * @param options - see schema.json
 * @param context - given by Nx
 * @returns whether the artifact was written; where it was not, the reason was printed
 */
export default function packExecutor(
  options: PackExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const start = performance.now();
    const { file, service, layer } = readArtifactProject(
      context.root,
      projectRootOf(context),
    );
    const project = service ?? layer;
    if (project === undefined) throw nothingToPack(file);
    const outputFolder = resolveOutputPath(
      options.outputPath ?? DEFAULT_OUTPUT_PATH,
      context.root,
      project,
    );
    const packOptions: PackOptions = {
      workspaceRoot: context.root,
      outputFolder,
      projectFolders: projectFoldersOf(context),
      report: options.report ?? false,
      timeout: toolTimeout(options),
      onWarning: (warning) => {
        logger.warn(`warning: ${warning}`);
      },
      onNote: (note) => {
        logger.verbose(note);
      },
    };
    const manifest =
      service === undefined
        ? await packLayer({ ...packOptions, layer: project })
        : await packService({ ...packOptions, service });
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    const zip = relative(context.root, resolve(outputFolder, manifest.zip));
    logger.info(
      [
        `${zip}: ${formatMegabytes(manifest.zipBytes)} zipped, ${formatMegabytes(manifest.unzippedBytes)} unzipped, ${manifest.distributions.length} distributions`,
        `${purposeOf(manifest)} for ${manifest.runtime} on ${manifest.architecture}`,
        `sha256 ${manifest.sha256}`,
        `packed in ${seconds} s`,
      ].join('\n'),
    );
    return true;
  });
}

function purposeOf({ handler, layers = [] }: Manifest): string {
  if (handler === undefined) return 'a layer';
  const names = layers.map(({ name }) => name);
  return names.length === 0 ? handler : `${handler} on ${names.join(', ')}`;
}

function nothingToPack(file: string): LambdaPyError {
  return new LambdaPyError({
    file,
    location: '[tool.lambda-py]',
    problem: 'the project is neither a service nor a layer',
    expected:
      'the keys "handler" and "runtime", or "layer = true" and "runtime"',
    mend: `add [tool.lambda-py] to ${file}`,
  });
}

/**
 * Resolves the option `outputPath`.
 *
 * @param outputPath - as the user wrote it
 * @param workspaceRoot - absolute path
 * @param tokens - what stands for `{projectRoot}` and `{projectName}`
 * @returns an absolute path in the workspace
 * @throws {@link LambdaPyError} when the path leads out of the workspace, or is the workspace itself
 */
export function resolveOutputPath(
  outputPath: string,
  workspaceRoot: string,
  tokens: { readonly projectName: string; readonly projectRoot: string },
): string {
  const path = outputPath
    .replaceAll('{projectRoot}', tokens.projectRoot)
    .replaceAll('{projectName}', tokens.projectName)
    .replace(/^\{workspaceRoot\}\/?/, '');
  const folder = resolve(workspaceRoot, path);
  const fromRoot = relative(workspaceRoot, folder);
  const leadsOut = isAbsolute(fromRoot) || /^\.\.(?:[\\/]|$)/.test(fromRoot);
  if (fromRoot !== '' && !leadsOut) {
    return folder;
  }
  throw new LambdaPyError({
    location: 'outputPath',
    problem: 'the output folder has to be a folder in the workspace',
    found: JSON.stringify(outputPath),
    expected: `for instance "${DEFAULT_OUTPUT_PATH}"`,
    mend: `set outputPath in the target pack of ${tokens.projectName}`,
  });
}
