import { adviseOnInit } from './advice';
import { parseImportTimes } from './import-times';
import type { InitDetails } from './measure';

function line(self: number, cumulative: number, module: string): string {
  return `import time: ${self * 1000} | ${cumulative * 1000} | ${module}`;
}

function textsOf(
  imports: readonly string[],
  details: Partial<InitDetails> = {},
  hasBytecode = true,
): readonly string[] {
  return adviseOnInit({
    details: {
      imports: parseImportTimes(imports.join('\n')),
      clients: [],
      compiled: [],
      uses: [],
      ...details,
    },
    ownPackages: ['orders', 'lambda_kit'],
    hasBytecode,
  }).map(({ text }) => text);
}

describe('adviseOnInit', () => {
  it('has nothing to say of what is cheap', () => {
    expect(
      textsOf([line(4, 4, '  json'), line(1, 5, 'orders.handler')]),
    ).toEqual([]);
    // A hundredth of the whole.
    expect(
      textsOf([
        line(990, 990, 'site'),
        line(8, 8, '  json'),
        line(1, 9, 'orders.handler'),
      ]),
    ).toEqual([]);
  });

  it('names what own modules import, where it is used, and what comes with it', () => {
    expect(
      textsOf(
        [
          line(90, 90, '    pandas'),
          line(10, 100, '  report'),
          line(50, 50, '  httpx'),
          line(1, 151, 'orders.handler'),
        ],
        {
          uses: [
            {
              module: 'orders.handler',
              package: 'httpx',
              functions: ['fetch', 'Client.send'],
            },
          ],
        },
      ),
    ).toEqual([
      'orders.handler imports report: 100 ms, most of it pandas; what not every invocation needs can be imported by the function that does',
      expect.stringMatching(/^pandas takes 90 ms: .*csv/),
      'orders.handler imports httpx: 50 ms; only fetch, Client.send uses it, and can import it, where not every invocation calls it',
    ]);
  });

  it('names the clients, and does not blame the module that creates them as well', () => {
    const texts = textsOf([line(90, 90, 'orders.handler')], {
      clients: [
        {
          service: 'dynamodb',
          module: 'orders.store',
          during: 'orders.handler',
          milliseconds: 60,
        },
        {
          service: 'dynamodb',
          module: 'orders.store',
          during: 'orders.handler',
          milliseconds: 28,
        },
      ],
    });
    expect(texts).toEqual([
      expect.stringMatching(
        /dynamodb in orders\.store \(60 ms\), dynamodb in orders\.store \(28 ms\); .* share the one of dynamodb$/,
      ),
    ]);
  });

  it('asks for bytecode where there is none', () => {
    const imports = [line(40, 40, 'orders.big')];
    const compiled = ['orders.big'];
    expect(textsOf(imports, { compiled }, false)[0]).toMatch(
      /^1 modules are compiled at every cold start: set bytecode = true/,
    );
    expect(textsOf(imports, { compiled })[0]).toMatch('"exclude"');
  });

  it('names own code that does much at its top, and known modules in the depth', () => {
    expect(
      textsOf([
        line(80, 80, '    aws_lambda_powertools.event_handler'),
        line(1, 81, '  aws_lambda_powertools'),
        line(60, 141, 'orders.handler'),
      ]),
    ).toEqual([
      expect.stringMatching(
        /^orders\.handler imports aws_lambda_powertools: 81/,
      ),
      expect.stringMatching(
        /^aws_lambda_powertools\.event_handler takes 80 ms/,
      ),
      expect.stringMatching(/^orders\.handler itself takes 60 ms/),
    ]);
  });
});
