import { failureOf } from '../testing/errors';
import { parsePyproject } from './pyproject';
import { parseLambdaPyTable } from './service-configuration';

const FILE = 'services/orders/pyproject.toml';

function parse(...entries: readonly string[]) {
  const text = `[tool.lambda-py]\naudit-ignore = [${entries.join(', ')}]\n`;
  return parseLambdaPyTable(parsePyproject(text, FILE).lambdaPy, FILE);
}

describe('audit-ignore', () => {
  it('takes vulnerabilities and distributions, in a table without a handler too', () => {
    expect(
      parse(
        '{ id = "cve-2024-35195", reason = "r", expires = "2027-01-31" }',
        '{ package = "Our_Kit", reason = "r", expires = "2028-02-29" }',
      ),
    ).toEqual({
      tags: [],
      auditIgnore: [
        { id: 'CVE-2024-35195', reason: 'r', expires: '2027-01-31' },
        { package: 'our-kit', reason: 'r', expires: '2028-02-29' },
      ],
    });
  });

  it('is part of a service', () => {
    const text = [
      '[tool.lambda-py]',
      'handler = "orders.handler.handler"',
      'runtime = "python3.13"',
      '[[tool.lambda-py.audit-ignore]]',
      'id = "A-1"',
      'reason = "r"',
      'expires = "2027-01-31"',
    ].join('\n');
    const { lambdaPy } = parsePyproject(text, FILE);
    expect(parseLambdaPyTable(lambdaPy, FILE)).toMatchObject({
      auditIgnore: [{ id: 'A-1' }],
      service: { handler: 'orders.handler.handler' },
    });
  });

  it.each([
    ['no reason', '{ id = "A-1", expires = "2027-01-31" }'],
    ['an empty reason', '{ id = "A-1", reason = "", expires = "2027-01-31" }'],
    ['no date', '{ id = "A-1", reason = "r" }'],
    ['no such date', '{ id = "A-1", reason = "r", expires = "2027-02-30" }'],
    ['a date of TOML', '{ id = "A-1", reason = "r", expires = 2027-01-31 }'],
    ['neither', '{ reason = "r", expires = "2027-01-31" }'],
    [
      'both',
      '{ id = "A-1", package = "a", reason = "r", expires = "2027-01-31" }',
    ],
    ['an unknown key', '{ id = "A-1", reason = "r", until = "2027-01-31" }'],
    ['a text', '"A-1"'],
  ])('refuses an entry with %s', (_, entry) => {
    const message = failureOf(() => parse(entry));
    expect(message).toContain(
      `${FILE}: [tool.lambda-py] audit-ignore: the value is not one that the key takes`,
    );
    expect(message).toContain('expires = "2027-01-31"');
  });
});
