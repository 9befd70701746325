import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LONGEST_OUTPUT = 256 * 1024 * 1024;
const SAMPLE_MS = 20;

/** Runs a program that must succeed, and returns what it printed to stdout. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: LONGEST_OUTPUT,
    ...options,
  });
  if (error) throw error;
  if (status === 0) return stdout;
  const end = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${end}`);
}

/**
 * Runs a program that must succeed, and measures it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string; env?: NodeJS.ProcessEnv; memory?: boolean; sampleMs?: number }} options `memory`:
 * samples the memory of all processes of the run together, which costs some time
 * @returns {Promise<{ seconds: number; megabytes: number; output: string }>}
 */
export function measure(
  command,
  args,
  { memory = false, sampleMs = SAMPLE_MS, ...options },
) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let peak = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const timer = memory
      ? setInterval(() => {
          peak = Math.max(peak, residentBytes(child.pid));
        }, sampleMs)
      : undefined;
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (status === 0) {
        resolve({ seconds, megabytes: peak / 1024 ** 2, output });
        return;
      }
      const end = output.trim().split('\n').slice(-15).join('\n');
      reject(
        new Error(`${command} ${args.join(' ')} ended with ${status}:\n${end}`),
      );
    });
  });
}

/** The resident memory of a process and of all that it started; what processes share counts once for each. */
function residentBytes(root) {
  const children = new Map();
  const resident = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      // After the name in parentheses: state, parent, … and as the 22nd the resident pages of 4 KiB.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(id)]);
      resident.set(Number(id), Number(fields[21]) * 4096);
    } catch {
      // The process has ended.
    }
  }
  const sum = (id) =>
    (children.get(id) ?? []).reduce(
      (bytes, child) => bytes + sum(child),
      resident.get(id) ?? 0,
    );
  return sum(root);
}
