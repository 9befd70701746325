/** A function of one module, and one event for it. */
export interface Case {
  /** What it is known by in docs/invoke.md; the module is named after it. */
  readonly name: string;
  readonly source: string;
  /** Default: `<module>.handler`. */
  readonly handler?: string;
  /** JSON; default `{"name": "Ada"}`. */
  readonly event?: string;
  /** In seconds; default 20. */
  readonly timeout?: number;
  /** In MB; default 512. */
  readonly memory?: number;
}

/** The event of a case that names none. */
export const DEFAULT_EVENT =
  '{"name": "Ada", "é": ["☃", 12345678901234567890]}';

/** The module of a case. */
export function moduleOf({ name }: Case): string {
  return `case_${name.replaceAll('-', '_')}`;
}

/** What `_HANDLER` is for a case. */
export function handlerOf(one: Case): string {
  return one.handler ?? `${moduleOf(one)}.handler`;
}

function body(...lines: readonly string[]): string {
  return [
    'def handler(event, context):',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

function returning(
  name: string,
  expression: string,
  ...before: string[]
): Case {
  return { name, source: [...before, body(`return ${expression}`)].join('\n') };
}

function raising(name: string, ...lines: string[]): Case {
  return { name, source: body(...lines) };
}

function module(name: string, ...lines: string[]): Case {
  return { name, source: `${lines.join('\n')}\n` };
}

/** The handlers that `invoke` is compared on. */
export const CASES: readonly Case[] = [
  returning('returns-event', 'event'),
  returning('returns-object', '{"a": [1, 2.5, True, None], "b": {"c": ""}}'),
  returning('returns-none', 'None'),
  returning('returns-text', '"é ☃ 😀 \\n \\x00 \\\\"'),
  returning('returns-number', '-0.5'),
  returning('returns-list', '[]'),
  returning('returns-true', 'True'),
  returning('returns-large-integer', '2 ** 70'),
  returning('returns-number-keys', '{1: "a", None: "b", True: "c"}'),
  returning('returns-nan', '[float("nan"), float("inf")]'),
  returning('returns-bytes', 'b"\\x00 bytes"'),
  returning('returns-bytes-of-json', 'b\'{"a": 1}\''),
  returning(
    'returns-decimal',
    '{"price": decimal.Decimal("12.30")}',
    'import decimal',
  ),
  returning(
    'returns-datetime',
    'datetime.datetime(2026, 1, 2)',
    'import datetime',
  ),
  returning('returns-set', '{1}'),
  returning('returns-generator', '(number for number in [1])'),
  returning('returns-5-mb', '"x" * (5 * 1024 * 1024)'),
  returning('returns-too-much', '"x" * (6 * 1024 * 1024 + 100)'),
  returning(
    'returns-context',
    '[context.function_name, context.memory_limit_in_mb, context.function_version, 0 < context.get_remaining_time_in_millis() <= 20_000]',
  ),
  raising('raises', 'raise ValueError("boom")'),
  raising('raises-nothing-to-say', 'raise RuntimeError'),
  raising('raises-unicode', 'raise ValueError("é ☃ 😀")'),
  raising(
    'raises-own-class',
    'class PaymentError(Exception):',
    '    def __str__(self): return "declined"',
    'raise PaymentError(402)',
  ),
  raising(
    'raises-from-another',
    'try:',
    '    {}["a"]',
    'except KeyError as error:',
    '    raise ValueError("no a") from error',
  ),
  raising('raises-key-error', 'return event["missing"]'),
  raising('raises-long-message', 'raise ValueError("x" * 100_000)'),
  raising('raises-recursion', 'return handler(event, context)'),
  raising(
    'raises-group',
    'raise RuntimeError("many", [ValueError("a"), KeyError("b")])',
  ),
  raising(
    'raises-base-exception',
    'class Stop(BaseException): pass',
    'raise Stop("now")',
  ),
  raising('raises-keyboard-interrupt', 'raise KeyboardInterrupt'),
  raising('exits', 'import sys', 'sys.exit(3)'),
  raising('exits-with-0', 'import sys', 'sys.exit(0)'),
  raising('exits-with-text', 'raise SystemExit("gave up")'),
  raising('exits-at-once', 'import os', 'os._exit(7)'),
  raising(
    'is-killed',
    'import os, signal',
    'os.kill(os.getpid(), signal.SIGKILL)',
  ),
  raising('aborts', 'import os', 'os.abort()'),
  raising('faults', 'import ctypes', 'ctypes.string_at(0)'),
  {
    ...raising('sleeps-too-long', 'import time', 'time.sleep(60)'),
    timeout: 1,
  },
  {
    ...raising('loops', 'while True: pass'),
    timeout: 1,
  },
  {
    ...raising(
      'needs-too-much-memory',
      'block = bytearray(400 * 1024 * 1024)',
      'return len(block)',
    ),
    memory: 128,
  },
  module('module-raises', 'raise KeyError("TABLE_NAME")'),
  module('module-exits', 'import sys', 'sys.exit(4)'),
  module('module-imports-missing', 'import not_packed'),
  module('module-has-no-handler', 'answer = 42'),
  module('module-is-no-python', 'def handler(event, context)', '    return 1'),
  { ...module('module-is-missing'), handler: 'elsewhere.handler' },
  { ...module('handler-without-dot'), handler: 'handler' },
  { ...module('handler-is-built-in'), handler: 'sys.exit' },
  module('handler-is-no-function', 'handler = 42'),
  module('handler-takes-one-argument', 'def handler(event):', '    return 1'),
  module(
    'handler-is-coroutine',
    'import warnings',
    // When it is told that nobody has awaited it depends on the moment at which its process ends.
    'warnings.simplefilter("ignore")',
    'async def handler(event, context):',
    '    return 1',
  ),
  raising(
    'logs',
    'import logging, sys',
    'print("é ☃ on stdout")',
    'print("no end", end="")',
    'print()',
    'print("on stderr", file=sys.stderr)',
    'logging.getLogger().warning("warned")',
    'logging.getLogger("own").info("not shown")',
    'logging.getLogger().setLevel("INFO")',
    'logging.getLogger("own").info("shown")',
  ),
  module(
    'logs-json',
    'import json, logging, sys',
    'class Formatter(logging.Formatter):',
    '    def format(self, record):',
    '        return json.dumps({"level": record.levelname, "message": record.getMessage()})',
    'stream = logging.StreamHandler(sys.stdout)',
    'stream.setFormatter(Formatter())',
    'logger = logging.getLogger("orders")',
    'logger.addHandler(stream)',
    'logger.propagate = False',
    'logger.setLevel("INFO")',
    'def handler(event, context):',
    '    logger.info("one\\ntwo é")',
  ),
  raising(
    'logs-exception',
    'import logging',
    'try:',
    '    1 / 0',
    'except ZeroDivisionError:',
    '    logging.exception("caught")',
  ),
  raising('logs-200-kb', 'print("x" * 200_000)'),
  raising('logs-without-end', 'import sys', 'sys.stdout.write("partial")'),
  raising(
    'logs-in-threads',
    'import threading',
    'thread = threading.Thread(target=print, args=("from a thread",))',
    'thread.start()',
    'thread.join()',
    'return "joined"',
  ),
  raising('warns', 'import warnings', 'warnings.warn("old")'),
  module(
    'module-logs',
    'print("while initialising")',
    'def handler(event, context):',
    '    print("while invoked")',
  ),
];
