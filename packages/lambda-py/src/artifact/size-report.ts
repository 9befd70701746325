import type { PackedProject } from '../workspace/service';
import type { ArtifactEntry } from './merge-segments';

/**
 * A treemap of what fills a zip, by distribution and folder, as one HTML page that needs nothing else.
 *
 * `esbuild-visualizer` draws it: an artifact is described to it as esbuild describes a bundle.
 *
 * @param project - the service or the layer
 * @param entries - what its artifact holds
 * @returns the page
 */
export async function renderSizeReport(
  { projectName }: PackedProject,
  entries: readonly ArtifactEntry[],
): Promise<string> {
  const { visualizer } = await import('esbuild-visualizer');
  const files = entries.map(({ segment, entry }) => ({
    path: harmless(`${segment.name} ${segment.version}/${entry.path}`),
    bytes: entry.compressedBytes,
  }));
  return visualizer(
    {
      inputs: Object.fromEntries(
        files.map(({ path, bytes }) => [path, { bytes, imports: [] }]),
      ),
      outputs: {
        [`${projectName}.zip`]: {
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
          inputs: Object.fromEntries(
            files.map(({ path, bytes }) => [path, { bytesInOutput: bytes }]),
          ),
          imports: [],
          exports: [],
        },
      },
    },
    { title: `${projectName}.zip: compressed bytes`, template: 'treemap' },
  );
}

/** The visualiser puts paths into a script as they are: one of `</script>` must not end it. */
function harmless(path: string): string {
  return path.replaceAll('<', '‹').replaceAll('>', '›');
}

/**
 * The file name of an artifact's report.
 *
 * @param projectName - the service's or the layer's
 * @returns for instance `orders.report.html`
 */
export function reportName(projectName: string): string {
  return `${projectName}.report.html`;
}
