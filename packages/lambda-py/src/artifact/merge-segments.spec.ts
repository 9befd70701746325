import { conflictError } from './merge-segments';

it('conflictError: names the source of bytecode that differs', () => {
  const path = 'pns/__pycache__/a.cpython-313.pyc';
  expect(conflictError(path, ['one', 'other']).details).toMatchObject({
    problem: expect.stringContaining('one and other hold') as unknown,
    found: 'pns/a.py',
  });
});
