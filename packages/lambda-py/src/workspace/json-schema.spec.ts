import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lambdaPyTableJsonSchema } from './service-configuration';

describe('the JSON schema that the package ships', () => {
  it('is the one that checks the table: "npm run schemas" writes it', () => {
    const shipped: unknown = JSON.parse(
      readFileSync(
        join(__dirname, '../../schemas/lambda-py.schema.json'),
        'utf8',
      ),
    );

    expect(shipped).toEqual(lambdaPyTableJsonSchema());
  });
});
