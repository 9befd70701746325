import { readTemplateFunction } from './function-template';
import { makeTestWorkspace } from './testing/test-workspace';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

const IDENTITY = {
  projectName: 'orders',
  projectRoot: 'services/orders',
  handler: 'orders.handler.handler',
};

function read(...lines: readonly string[]) {
  workspace.write('services/orders/infra/template.yaml', lines.join('\n'));
  return readTemplateFunction(workspace.root, IDENTITY, 'eu-west-1');
}

describe('readTemplateFunction', () => {
  it('reads timeout, memory and variables, the globals of SAM first', () => {
    expect(
      read(
        'Globals:',
        '  Function:',
        '    Timeout: 9',
        '    MemorySize: 256',
        '    Environment: {Variables: {SHARED: global, BOTH: global}}',
        'Resources:',
        '  Function:',
        '    Type: AWS::Serverless::Function',
        '    Properties:',
        '      MemorySize: 1024',
        '      Environment:',
        '        Variables: {BOTH: own, PORT: 8080, ON: true, VERSION: "1.10"}',
      ),
    ).toEqual({
      file: 'services/orders/infra/template.yaml',
      timeoutSeconds: 9,
      memoryMb: 1024,
      environment: {
        SHARED: 'global',
        BOTH: 'own',
        PORT: '8080',
        ON: 'true',
        VERSION: '1.10',
      },
      unresolved: {},
    });
  });

  it("takes Lambda's own defaults, and no globals for a function that is not SAM's", () => {
    expect(
      read(
        'Globals: {Function: {Timeout: 9}}',
        'Resources: {Function: {Type: "AWS::Lambda::Function"}}',
      ),
    ).toMatchObject({ timeoutSeconds: 3, memoryMb: 128, environment: {} });
  });

  it('resolves parameters that have a default, and tells what it cannot', () => {
    expect(
      read(
        'Parameters:',
        '  Level: {Type: String, Default: DEBUG}',
        '  Seconds: {Type: Number, Default: 12}',
        '  Secret: {Type: String}',
        'Resources:',
        '  Table: {Type: AWS::DynamoDB::Table}',
        '  Function:',
        '    Type: AWS::Serverless::Function',
        '    Properties:',
        '      Timeout: !Ref Seconds',
        '      MemorySize: !If [Large, 2048, 512]',
        '      Environment:',
        '        Variables:',
        '          LEVEL: !Ref Level',
        '          BUCKET: !Sub "${AWS::Region}-${Level}-${!Literal}"',
        '          TABLE: !Ref Table',
        '          ARN: !GetAtt Table.Arn',
        '          SECRET: {Ref: Secret}',
        '          URL: !Sub "https://${Table}"',
        '          MANY: !Sub ["${A}", {A: !Ref Table}]',
        '          JOINED: !Join ["-", [a, b]]',
      ),
    ).toEqual({
      file: 'services/orders/infra/template.yaml',
      timeoutSeconds: 12,
      memoryMb: 128,
      environment: { LEVEL: 'DEBUG', BUCKET: 'eu-west-1-DEBUG-${Literal}' },
      unresolved: {
        TABLE: '!Ref Table',
        ARN: '!GetAtt Table.Arn',
        SECRET: '!Ref Secret',
        URL: '!Sub https://${Table}',
        MANY: '!Sub [ "${A}", { A: { Ref: Table } } ]',
        JOINED: '!Join [ "-", [ a, b ] ]',
      },
    });
  });

  it('tells the function by its zip, then by its handler', () => {
    const functions = (...properties: readonly string[]): string[] => [
      'Resources:',
      ...properties.flatMap((property, index) => [
        `  Function${index}:`,
        '    Type: AWS::Serverless::Function',
        `    Properties: {Timeout: ${index + 1}, ${property}}`,
      ]),
    ];
    expect(
      read(
        ...functions(
          'Handler: orders.handler.handler',
          'CodeUri: ../../../dist/services/orders/orders.zip',
        ),
      ),
    ).toMatchObject({ timeoutSeconds: 2 });
    expect(
      read(...functions('Handler: a.b', 'Handler: orders.handler.handler')),
    ).toMatchObject({ timeoutSeconds: 2 });
    expect(read(...functions('Handler: a.b', 'Handler: c.d'))).toBeUndefined();
    expect(
      read('Resources: {Topic: {Type: "AWS::SNS::Topic"}}'),
    ).toBeUndefined();
  });

  it('says where a template is none', () => {
    expect(() => read('Resources: {')).toThrow(
      /template\.yaml: the template cannot be read[^]*nx run orders:validate/,
    );
    expect(() => read('Description: nothing')).toThrow(/Resources/);
  });

  it('needs no template', () => {
    expect(
      readTemplateFunction(
        workspace.root,
        { ...IDENTITY, projectRoot: 'services/other' },
        'eu-west-1',
      ),
    ).toBeUndefined();
  });
});
