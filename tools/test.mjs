// The README's second command: set-up, lint, type-check, unit and e2e. The last line counts the tests.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, repositoryRoot } from './run.mjs';

const reports = mkdtempSync(join(tmpdir(), 'lambda-py-test-'));
const counts = { passed: 0, failed: 0 };

if (!existsSync(join(repositoryRoot, 'node_modules', '.package-lock.json'))) {
  stage('set-up', npm.command, [...npm.prefix, 'ci']);
}
const nx = join(repositoryRoot, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
stage('lint and type-check', process.execPath, [
  nx,
  'run-many',
  '--targets=lint,typecheck',
  '--output-style=static',
]);
stage('format', process.execPath, [
  join(repositoryRoot, 'node_modules', 'prettier', 'bin', 'prettier.cjs'),
  '--check',
  '.',
]);
tests('unit', 'packages/lambda-py/jest.config.js');
stage('package', npm.command, [...npm.prefix, 'run', 'package']);
tests('e2e', 'e2e/jest.config.js');

rmSync(reports, { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** Runs a stage that either succeeds or counts as one failure and ends the run. */
function stage(title, command, args) {
  if (run(title, command, args) === 0) return;
  counts.failed += 1;
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exit(1);
}

/** Runs Jest and counts its tests; a suite that did not start is one failure, and so is a set-up or an end that failed. */
function tests(title, configuration) {
  const report = join(reports, `${title}.json`);
  const status = run(title, process.execPath, [
    join(repositoryRoot, 'node_modules', 'jest', 'bin', 'jest.js'),
    `--config=${configuration}`,
    '--json',
    `--outputFile=${report}`,
  ]);
  const result = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.passed += result.numPassedTests;
  counts.failed += failed === 0 && status !== 0 ? 1 : failed;
}

function run(title, command, args) {
  const started = Date.now();
  console.log(`\n== ${title}`);
  const { status, error } = spawnSync(command, args, {
    cwd: repositoryRoot,
    // Jest writes its JSON report to stdout too, unless it has a file.
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  if (error) console.error(error.message);
  console.log(
    `== ${title}: ${((Date.now() - started) / 1000).toFixed(0)} s, exit status ${status}`,
  );
  return status ?? 1;
}
