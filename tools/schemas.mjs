// Writes the JSON schema of [tool.lambda-py] from the declaration that checks the table.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { repositoryRoot, runTool } from './run.mjs';

runTool('nx/dist/bin/nx.js', ['run', 'lambda-py:build']);
const require = createRequire(import.meta.url);
const { lambdaPyTableSchema } = require(
  join(
    repositoryRoot,
    'dist/packages/lambda-py/src/workspace/service-configuration.js',
  ),
);
const file = join(
  repositoryRoot,
  'packages/lambda-py/schemas/lambda-py.schema.json',
);
// Draft 7, its default, is the newest that the TOML editors' language servers read. A check is a function: no schema can say it.
const schema = toJsonSchema(lambdaPyTableSchema, { ignoreActions: ['check'] });
writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
