import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Runs a program that must succeed and returns what it printed. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) {
    throw new Error(
      `${[command, ...args].join(' ')} ended with ${status}:\n${stdout}${stderr}`,
    );
  }
  return stdout;
}

/**
 * Runs a program that must succeed and measures it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string; env: NodeJS.ProcessEnv; memory?: boolean }} options `memory`: also sample the memory of all
 * processes of the run together, which costs some time
 * @returns {Promise<{ seconds: number; output: string; megabytes: number }>}
 */
export function measure(command, args, { memory = false, ...options }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let peak = 0;
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const timer = memory
      ? setInterval(() => {
          peak = Math.max(peak, treeMemory(child.pid));
        }, 25)
      : undefined;
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (status !== 0) {
        reject(new Error(`${args.join(' ')} ended with ${status}:\n${errors}`));
      } else {
        resolve({ seconds, output, megabytes: peak / 1024 / 1024 });
      }
    });
  });
}

/** The resident memory of a process and of all it started, in bytes; pages that they share count once for each. */
function treeMemory(root) {
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        // After the name in parentheses: state, parent, … and as the 22nd the resident pages.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [
          {
            id: Number(entry),
            parent: Number(fields[1]),
            bytes: Number(fields[21]) * 4096,
          },
        ];
      } catch {
        // The process has ended.
        return [];
      }
    });
  const sum = (id) =>
    processes
      .filter(({ parent }) => parent === id)
      .reduce((bytes, child) => bytes + child.bytes + sum(child.id), 0);
  const self = processes.find(({ id }) => id === root)?.bytes ?? 0;
  return self + sum(root);
}
