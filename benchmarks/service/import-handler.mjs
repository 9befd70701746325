import { run } from '../shared/process.mjs';

// The import alone, without the interpreter's own start; what it prints last is the figure.
const SCRIPT = `
import importlib, sys, time
sys.path.insert(0, sys.argv[1])
start = time.process_time()
importlib.import_module(sys.argv[2])
print(time.process_time() - start)
`;

/**
 * Imports a handler's module in a process of its own.
 *
 * @param {{ taskRoot: string; module: string; environment: Record<string, string> }} service
 * @param {string} interpreter a Python
 * @returns {number} the CPU time in seconds, of all threads
 */
export function importHandler({ taskRoot, module, environment }, interpreter) {
  const output = run(
    interpreter,
    // Nothing of this machine's own packages, and no bytecode written: Lambda's /var/task cannot be written to.
    ['-B', '-s', '-P', '-c', SCRIPT, taskRoot, module],
    {
      cwd: taskRoot,
      env: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
        HOME: taskRoot,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
        // Clients are built while a function starts, and only there.
        AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9',
        AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        LAMBDA_TASK_ROOT: taskRoot,
        ...environment,
      },
    },
  );
  return Number(output.trim().split('\n').at(-1));
}
