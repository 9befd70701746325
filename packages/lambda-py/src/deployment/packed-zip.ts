import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDigest, readPackedFunction } from '../runtime/artifact-manifest';
import { LambdaPyError } from '../workspace/errors';
import type { Service } from '../workspace/service';
import type { PackedZip } from './upload';

/**
 * Finds the zip of a service, which has to be the one that its manifest describes.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @param packCommand - the command that packs it
 * @returns the zip
 * @throws {@link LambdaPyError} when there is none, or it is another
 */
export function findPackedZip(
  workspaceRoot: string,
  { projectName, projectRoot }: Service,
  packCommand: string,
): PackedZip {
  const file = `dist/${projectRoot}/${projectName}.zip`;
  const path = join(workspaceRoot, file);
  if (!existsSync(path)) {
    throw new LambdaPyError({
      file,
      problem: 'the artifact does not exist',
      mend: packCommand,
    });
  }
  const bytes = readFileSync(path);
  const digest = createHash('sha256').update(bytes).digest();
  const sha256 = digest.toString('hex');
  const packed = readPackedFunction(path, packCommand);
  checkDigest(file, sha256, packed, packCommand);
  return {
    path,
    projectName,
    zipBytes: bytes.length,
    sha256,
    codeSha256: digest.toString('base64'),
  };
}
