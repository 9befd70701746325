// Runs a release as a process of its own, which a test kills: node release-child.js ENDPOINT
const { join } = require('node:path');
require('./typescript-hook');

const folder = join(__dirname, '..');
const { connectToFunction } = require(join(folder, 'aws-function-api.ts'));
const { realEffects } = require(join(folder, 'effects.ts'));
const { observeFunction } = require(join(folder, 'observe-function.ts'));
const { release } = require(join(folder, 'release.ts'));
const { parseShift } = require(join(folder, 'shift.ts'));
const { codeOf } = require(join(folder, 'testing/fake-function.ts'));

async function main() {
  const { api } = await connectToFunction(
    { functionName: 'orders', aliasName: 'live' },
    { region: 'eu-central-1', endpoint: process.argv[2] },
  );
  const effects = realEffects(() => undefined, new AbortController().signal);
  const zip = Buffer.from('second');
  await release(
    api,
    {
      codeSha256: codeOf(zip).sha256,
      zipBytes: zip.length,
      shift: parseShift('Canary10Percent1Second'),
      hasSmoke: true,
      watch: { alarms: ['errors'], smokeEvent: '{}' },
      provideCode: () => Promise.resolve({ zip }),
    },
    await observeFunction(api, effects),
    effects,
  );
}

void main();
