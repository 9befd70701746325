import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('the stack that coverage notes when it begins', () => {
  const describeStack = (detail: string): Record<string, string> => ({
    'coverage/__init__.py': 'import coverage.debug, coverage.collector\n',
    'coverage/debug.py': lines(
      'import inspect',
      'def short_filename(name): return name',
      'def short_stack(skip=0, *, full=False):',
      '  lines = []',
      '  for call in inspect.stack()[:skip:-1]:',
      `    lines.append(f"{call.function} {short_filename(call.filename)}:{call.lineno} {id(call.frame)}${detail}")`,
      '  return "; ".join(lines)',
    ),
    'coverage/collector.py': 'from coverage.debug import short_stack\n',
  });
  const program = [
    'import inspect',
    'from unittest import mock',
    'from coverage import collector, debug',
    'def both(*arguments, **options):',
    '  one, other = (module.short_stack(*arguments, **options) for module in (collector, debug))',
    '  return one == other',
    'def compiled(name):',
    '  calls = {}',
    '  exec(compile("def call(): return both(), both(2), both(full=True)", name, "exec"), globals(), calls)',
    '  return calls["call"]()',
    'print([compiled(name) for name in (__file__, "/no/such.py", "<string>", "<frozen x>", "x.pyc")])',
    'with mock.patch("inspect.getframeinfo") as search:',
    '  collector.short_stack()',
    '  print(search.called)',
    'print(collector.short_stack.__module__, "runpy" in collector.short_stack())',
  ];

  it('is the same, without a search for sources', async () => {
    const files = describeStack('');
    const { run } = await start(['coverage'], { files });
    const { output } = await run(program);
    expect(output.trim().split('\n')).toEqual([
      `[${Array(5).fill('(True, True, True)').join(', ')}]`,
      'False',
      'coverage.debug True',
    ]);
  });

  it('is as ever where coverage wants to know more of a call', async () => {
    const files = describeStack(' {call.code_context}');
    const { run } = await start(['coverage'], { files });
    const { output } = await run([
      'from coverage import collector, debug',
      'print(collector.short_stack is debug.short_stack)',
    ]);
    expect(output).toBe('True\n');
  });
});
