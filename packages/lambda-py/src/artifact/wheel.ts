import type { DistributionFile } from './distribution';

/** A wheel's content as it would be installed. */
export interface WheelContent {
  readonly metadata: string;
  readonly files: readonly DistributionFile[];
}

// {distribution}-{version}(-{build tag})?-{python tag}-{abi tag}-{platform tag}.whl:
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention
const PURE_WHEEL = /-[^-]+-none-any\.whl$/;

/**
 * Tells by its name whether a wheel holds no compiled code.
 *
 * @param fileName - the wheel's file name
 * @returns true for `…-py3-none-any.whl`
 */
export function isPureWheel(fileName: string): boolean {
  return PURE_WHEEL.test(fileName);
}

/**
 * Unpacks a wheel in memory, with its data folders where an installer puts them.
 *
 * @param wheel - the wheel's bytes
 * @returns its files; scripts and headers, which no function reads, are left out
 */
export async function unpackWheel(wheel: Uint8Array): Promise<WheelContent> {
  // Loaded by those alone who build.
  const { unzipSync } = await import('fflate');
  const entries = unzipSync(wheel);
  const files = Object.entries(entries)
    .filter(([path]) => !path.endsWith('/'))
    .flatMap(([path, content]) => {
      const installed = installedPath(path);
      return installed === undefined
        ? []
        : [{ path: installed, read: () => content }];
    });
  const metadata = files.find(({ path }) =>
    /^[^/]+\.dist-info\/METADATA$/.test(path),
  );
  if (metadata === undefined) throw new Error('a wheel without METADATA');
  return { metadata: Buffer.from(metadata.read()).toString(), files };
}

/** https://packaging.python.org/en/latest/specifications/binary-distribution-format/#the-data-directory */
function installedPath(path: string): string | undefined {
  const data = /^[^/]+\.data\/(?<scheme>[^/]+)\/(?<rest>.+)$/.exec(path);
  if (data?.groups === undefined) return path;
  const { scheme = '', rest } = data.groups;
  return ['purelib', 'platlib', 'data'].includes(scheme) ? rest : undefined;
}
