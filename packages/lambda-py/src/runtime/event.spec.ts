import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEvent } from './event';
import type { EventOptions } from './event';
import { makeTestWorkspace } from './testing/test-workspace';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

beforeAll(() => {
  workspace.write('services/orders/events/good.json', '{"name": "good"}\n');
  workspace.write(
    'services/orders/events/broken.json',
    '{\n  "a": 1,\n  "b": }\n',
  );
  workspace.write('services/orders/local.json', '{"name": "local"}');
  workspace.write('shared.json', '{"name": "shared"}');
  workspace.write('large.json', JSON.stringify('x'.repeat(6 * 1024 * 1024)));
  workspace.write('empty.json', '');
});

function read(options: EventOptions, cwd = ''): string {
  return readEvent(options, {
    workspaceRoot: workspace.root,
    projectRoot: 'services/orders',
    cwd: join(workspace.root, cwd),
  });
}

describe('readEvent', () => {
  it.each([
    ['good', '', 'good'],
    ['good.json', '', 'good'],
    ['services/orders/events/good.json', '', 'good'],
    ['local.json', 'services/orders', 'local'],
    ['./local.json', 'services/orders', 'local'],
    ['shared.json', 'services/orders', 'shared'],
  ])('finds %j from %j', (event, cwd, name) => {
    expect(JSON.parse(read({ event }, cwd))).toEqual({ name });
  });

  it('finds an absolute path', () => {
    expect(read({ event: join(workspace.root, 'shared.json') })).toBe(
      '{"name": "shared"}',
    );
  });

  it('takes standard input as it came, and checks it as any other', () => {
    const places = {
      workspaceRoot: workspace.root,
      projectRoot: 'services/orders',
      cwd: workspace.root,
    };
    expect(readEvent({ event: '-' }, places, '{"a": 1.10}')).toBe(
      '{"a": 1.10}',
    );
    expect(() => readEvent({ event: '-' }, places, '')).toThrow(
      /standard input, line 1, column 1: the event is not JSON\n {2}found: +nothing/,
    );
  });

  it('makes one batch of several names, but takes a file that has a comma in its name', () => {
    workspace.write(
      'services/orders/events/one.json',
      '{"Records": [{"eventSource": "aws:sqs", "messageId": "a"}]}',
    );
    const { Records } = JSON.parse(read({ event: 'one,one' })) as {
      Records: unknown[];
    };
    expect(Records).toHaveLength(2);
    expect(() => read({ event: 'one,missing' })).toThrow(
      /the event file does not exist\n {2}found: +missing/,
    );
    expect(() => read({ event: 'one,' })).toThrow(/does not exist/);
    workspace.write('services/orders/events/one,one.json', '{"a": 1}');
    expect(read({ event: 'one,one' })).toBe('{"a": 1}');
    rmSync(join(workspace.root, 'services/orders/events/one,one.json'));
    rmSync(join(workspace.root, 'services/orders/events/one.json'));
  });

  it('takes a payload as it is written', () => {
    expect(read({ payload: '{"a": 1.10}' })).toBe('{"a": 1.10}');
  });

  it.each<[EventOptions, string]>([
    [{}, 'there is no event'],
    [{ event: 'good', payload: '{}' }, 'there are two events'],
  ])('wants exactly one event: %j', (options, problem) => {
    expect(() => read(options)).toThrow(problem);
    expect(() => read(options)).toThrow(/--event or --payload/);
    expect(() => read(options)).toThrow(
      'the service has the events broken, good',
    );
  });

  it('tells where it has looked for an event', () => {
    expect(() => read({ event: 'bad' })).toThrow(
      /does not exist\n {2}found: +bad\n {2}expected: services\/orders\/events\/bad\.json or .* or bad\n.*events broken, good/,
    );
    expect(() => read({ event: '' })).toThrow('does not exist');
    expect(() => read({ event: 'services/orders/events' })).toThrow(
      'does not exist',
    );
  });

  it('tells where an event is not JSON', () => {
    expect(() => read({ event: 'broken' })).toThrow(
      /^services\/orders\/events\/broken\.json: line 3, column 8: the event is not JSON/,
    );
    expect(() => read({ payload: '{a: 1}' })).toThrow(
      /^--payload, line 1, column 2: the event is not JSON/,
    );
    expect(() => read({ payload: '{"a": 1,}' })).toThrow(/line 1, column 9/);
    expect(() => read({ event: 'empty.json' })).toThrow(/found: +nothing/);
  });

  it('refuses an event that Lambda would refuse for its size', () => {
    expect(() => read({ event: 'large.json' })).toThrow(
      /too large.*\n.*6291458 bytes\n.*6291456 bytes at most/,
    );
  });
});
