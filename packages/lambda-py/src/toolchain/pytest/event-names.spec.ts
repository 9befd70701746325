import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe("the names of botocore's events", () => {
  const files = {
    'botocore/__init__.py': 'import botocore.hooks, botocore.handlers\n',
    'botocore/handlers.py':
      'BUILTIN_HANDLERS = [("plain", print), ("old.event", print, "first")]\n',
    'botocore/hooks.py': lines(
      'EVENT_ALIASES = {"old": "new"}',
      'asked = []',
      'class EventAliaser:',
      '  def __init__(self, emitter, aliases=None):',
      '    self._event_aliases = EVENT_ALIASES if aliases is None else aliases',
      '    self._alias_name_cache = {}',
      '  def _alias_event_name(self, name):',
      '    if name in self._alias_name_cache: return self._alias_name_cache[name]',
      '    asked.append(name)',
      '    result = name',
      '    for old, new in self._event_aliases.items(): result = result.replace(old, new)',
      '    self._alias_name_cache[name] = result',
      '    return result',
    ),
  };
  const program = (...text: string[]): string[] => [
    'from botocore import hooks',
    'def ask(*names, aliases=None):',
    '  hooks.asked.clear()',
    '  aliaser = hooks.EventAliaser(None, aliases)',
    '  found = [aliaser._alias_event_name(name) for name in [*names, *names]]',
    '  print(found[: len(names)], found[len(names) :] == found[: len(names)], hooks.asked, len(aliaser._alias_name_cache))',
    ...text,
  ];

  it('are compared once, where they are no alias', async () => {
    const { run } = await start(['botocore'], { files });
    const { output } = await run(
      program(
        'ask("plain", "old.event", "mine")',
        'ask("plain", "old.event", "mine", aliases={"old": "new"})',
      ),
    );
    expect(output.trim().split('\n')).toEqual([
      "['plain', 'new.event', 'mine'] True ['old.event', 'mine'] 3",
      "['plain', 'new.event', 'mine'] True ['old.event'] 3",
    ]);
  });

  it('are compared as ever with other aliases', async () => {
    const { run } = await start(['botocore'], { files });
    const { output } = await run(
      program(
        'ask("plain", aliases={"plain": "fancy"})',
        'hooks.EVENT_ALIASES["plain"] = "changed"',
        'ask("plain")',
      ),
    );
    expect(output.trim().split('\n')).toEqual([
      "['fancy'] True ['plain'] 1",
      "['changed'] True ['plain'] 1",
    ]);
  });
});
