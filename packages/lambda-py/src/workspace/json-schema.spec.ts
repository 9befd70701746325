import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { lambdaPyTableSchema } from './service-configuration';

describe('the JSON schema that the package ships', () => {
  it('is the one that checks the table: "npm run schemas" writes it', () => {
    const shipped: unknown = JSON.parse(
      readFileSync(
        join(__dirname, '../../schemas/lambda-py.schema.json'),
        'utf8',
      ),
    );

    // A check is a function: no schema can say it.
    expect(shipped).toEqual(
      toJsonSchema(lambdaPyTableSchema, { ignoreActions: ['check'] }),
    );
  });
});
