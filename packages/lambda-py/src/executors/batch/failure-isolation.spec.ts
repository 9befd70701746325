import { inBatchAndAlone } from '../../testing/batch';
import type { TaskOutcome } from '../../testing/batch';
import { fakeEnvironment } from '../../testing/fake-environment';
import { BLACK, RUFF } from '../../testing/fake-linters';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import auditBatch from '../audit/batch';
import auditExecutor from '../audit/executor';
import formatBatch from '../format/batch';
import formatExecutor from '../format/executor';
import lintBatch from '../lint/batch';
import lintExecutor from '../lint/executor';
import typecheckBatch from '../typecheck/batch';
import typecheckExecutor from '../typecheck/executor';

// Of `test` and `pack`, e2e/src/batch.spec.ts shows the same with the tools themselves.

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const { execPath } = process;
afterEach(() => {
  process.execPath = execPath;
});

/** What a tool does where the project `fault` is among those that it is given: shell, and what is said of it. */
const FAULTS: Readonly<
  Record<
    string,
    {
      readonly script: string;
      readonly told: string;
      readonly timeout?: number;
    }
  >
> = {
  'a finding, or a syntax error': {
    script: 'echo "found it"; exit 1',
    told: 'found it',
  },
  'os._exit': { script: 'exit 7', told: '' },
  'a segmentation fault': {
    script: 'kill -SEGV $$',
    told: 'was ended by SIGSEGV',
  },
  'a kill where memory ran out': {
    script: 'kill -KILL $$',
    told: 'was ended by SIGKILL: by the system where memory ran out',
  },
  'an endless loop, with a child': {
    script: 'sleep 60 & while :; do :; done',
    told: 'was stopped after 1 s; the option "timeout"',
    timeout: 1,
  },
  'an endless output': {
    script: 'exec yes "$(printf %01000d 0)"',
    told: 'was stopped: it printed more than 20 MB',
  },
};

const onFault = (script: string): string =>
  `case "$*" in *libs/fault*) ${script} ;; esac`;

/** A pyright, which is run by Node.js. */
const PYRIGHT = 'echo "0 errors, 0 warnings, 0 informations"';

/** A bandit that finds nothing. */
const BANDIT = [
  'for last; do :; done',
  `echo '{"runs":[{"invocations":[{}],"properties":{"metrics":{"x.py":{"loc":1}}},"results":[]}]}' > "$last"`,
].join('\n');

const TARGETS = {
  lint: { tool: 'ruff', batch: lintBatch, executor: lintExecutor },
  'lint (black)': { tool: 'black', batch: lintBatch, executor: lintExecutor },
  format: { tool: 'black', batch: formatBatch, executor: formatExecutor },
  typecheck: {
    tool: 'pyright',
    batch: typecheckBatch,
    executor: typecheckExecutor,
  },
  audit: { tool: 'bandit', batch: auditBatch, executor: auditExecutor },
} as const;

/** Runs a target of three projects, of which one is bad for a tool. */
async function run(
  target: keyof typeof TARGETS,
  script: string | undefined,
  timeout = 60,
) {
  const folder = makeFolder();
  const { tool, batch, executor } = TARGETS[target];
  const healthy = { ruff: RUFF, black: BLACK, bandit: BANDIT };
  const scripts: Record<string, string> = { ...healthy, uv: '' };
  const pyright = folder.script(
    'node',
    ...(tool === 'pyright' && script !== undefined ? [onFault(script)] : []),
    PYRIGHT,
  );
  if (tool === 'pyright') process.execPath = pyright;
  else if (script === undefined) Reflect.deleteProperty(scripts, tool);
  else scripts[tool] = `${onFault(script)}\n${healthy[tool]}`;
  setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, scripts) });
  folder.write('pyproject.toml', '');
  for (const name of ['a', 'b', 'fault']) {
    folder.write(`libs/${name}/src/${name}.py`, '');
    folder.write(
      `libs/${name}/pyproject.toml`,
      `[project]\nname = "${name}"\n`,
    );
  }
  const { together, alone } = await inBatchAndAlone(
    folder.path,
    {
      'libs/a': { timeout },
      'libs/fault': { timeout },
      'libs/b': { timeout },
    },
    batch,
    executor,
  );
  return { together: comparable(together), alone: comparable(alone) };
}

/** How much of an endless output is taken depends on when it is stopped. */
function comparable(
  outcomes: Readonly<Record<string, TaskOutcome>>,
): Readonly<Record<string, TaskOutcome>> {
  return Object.fromEntries(
    Object.entries(outcomes).map(([name, { success, output }]) => [
      name,
      { success, output: output.replaceAll(/0{9,}\n?/g, '') },
    ]),
  );
}

describe.each(Object.keys(TARGETS) as (keyof typeof TARGETS)[])(
  'in a batch of %s',
  (target) => {
    it.each(Object.entries(FAULTS))(
      '%s fails one project alone',
      async (_, { script, told, timeout }) => {
        const { together, alone } = await run(target, script, timeout);

        expect(together).toEqual(alone);
        expect(
          Object.entries(together).map(([name, { success }]) => [
            name,
            success,
          ]),
        ).toEqual(
          expect.arrayContaining([
            ['a', true],
            ['b', true],
            ['fault', false],
          ]),
        );
        expect(together['fault']?.output).toContain(told);
      },
    );

    if (target !== 'typecheck') {
      it('a tool that is missing fails each project with its name', async () => {
        const { together, alone } = await run(target, undefined);

        expect(together).toEqual(alone);
        for (const { success, output } of Object.values(together)) {
          expect(success).toBe(false);
          expect(output).toContain('the environment holds no ');
        }
      });
    }
  },
);
