// Writes the JSON schema of [tool.lambda-py] from the declaration that checks the table.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot, runTool } from './run.mjs';

runTool('nx/dist/bin/nx.js', ['run', 'lambda-py:build']);
const require = createRequire(import.meta.url);
const { lambdaPyTableJsonSchema } = require(
  join(
    repositoryRoot,
    'dist/packages/lambda-py/src/workspace/service-configuration.js',
  ),
);
const file = join(
  repositoryRoot,
  'packages/lambda-py/schemas/lambda-py.schema.json',
);
writeFileSync(
  file,
  `${JSON.stringify(lambdaPyTableJsonSchema(), undefined, 2)}\n`,
);
