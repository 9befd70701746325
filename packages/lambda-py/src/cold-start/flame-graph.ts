import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ImportTime } from './import-times';

/** A page about an initialisation. */
export interface FlameGraphPage {
  readonly title: string;
  /** Lines of text above the graph. */
  readonly lines: readonly string[];
  readonly imports: ImportTime;
}

/** What d3-flame-graph draws. */
interface Frame {
  readonly name: string;
  /** In ms, with what is below. */
  readonly value: number;
  readonly children: readonly Frame[];
}

// Narrower frames cannot be seen, and make the page large: in ms.
const LEAST_MS = 0.05;

/**
 * Draws imports as a flame graph, in one HTML page that needs nothing else.
 *
 * @param page - what is shown
 * @returns the page
 */
export function renderFlameGraph({
  title,
  lines,
  imports,
}: FlameGraphPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5rem; color: #222; background: #fff; }
h1 { font-size: 1.2rem; }
pre { white-space: pre-wrap; }
#details { min-height: 1.5em; font-family: monospace; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<pre>${escapeHtml(lines.join('\n'))}</pre>
<p><input id="search" type="search" placeholder="module" aria-label="module"> click a frame to enlarge it, the topmost to see all</p>
<div id="chart"></div>
<p id="details"></p>
${viewer()
  .map(
    (script) =>
      `<script>${script.replaceAll('</script', '<\\/script')}</script>`,
  )
  .join('\n')}
<script>
const data = ${toScript(frameOf({ ...imports, name: 'initialisation' }))};
const chart = flamegraph.default()
  .width(Math.max(600, document.body.clientWidth))
  .cellHeight(20)
  .inverted(true)
  .sort(false)
  .transitionDuration(0)
  .label((frame) => frame.data.name + ': ' + frame.data.value.toFixed(1) + ' ms')
  .setDetailsElement(document.getElementById('details'));
d3.select('#chart').datum(data).call(chart);
document.getElementById('search').addEventListener('input', (event) => {
  if (event.target.value === '') chart.clear();
  else chart.search(event.target.value);
});
</script>
</body>
</html>
`;
}

function frameOf({ name, cumulativeMs, children }: ImportTime): Frame {
  return {
    name,
    value: Number(cumulativeMs.toFixed(3)),
    children: children
      .filter((child) => child.cumulativeMs >= LEAST_MS)
      .map(frameOf),
  };
}

/** A name of `</script>` must not end the script. */
function toScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}

// What d3-flame-graph and its parts need, each before those that use it.
const PARTS: readonly (readonly [name: string, ...parents: string[]])[] = [
  ['d3-array'],
  ['d3-dispatch'],
  ['d3-ease'],
  ['d3-format'],
  ['d3-hierarchy'],
  ['d3-color', 'd3-transition'],
  ['d3-interpolate', 'd3-transition'],
  ['d3-timer', 'd3-transition'],
  ['d3-time', 'd3-scale'],
  ['d3-time-format', 'd3-scale'],
  ['d3-scale'],
  ['d3-selection'],
  ['d3-transition'],
];

/** The scripts that draw: d3-flame-graph, and the parts of d3 that it is published without. */
function viewer(): readonly string[] {
  const graph = require.resolve('d3-flame-graph');
  const parts = PARTS.map(([name, ...parents]) =>
    minified(
      parents.reduceRight((from, parent) => resolveFrom(from, parent), graph),
      name,
    ),
  );
  return [...parts, join(dirname(graph), 'd3-flamegraph.umd.min.js')].map(
    (file) => readFileSync(file, 'utf8'),
  );
}

function resolveFrom(file: string, name: string): string {
  return createRequire(file).resolve(name);
}

function minified(from: string, name: string): string {
  let folder = dirname(resolveFrom(from, name));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'dist', `${name}.min.js`);
}
