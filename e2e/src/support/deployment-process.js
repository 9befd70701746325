// Runs a deployment as a process of its own, which a test kills: node deployment-process.js JOB
require('../../../packages/lambda-py/src/deployment/testing/typescript-hook');

const { runJob } = require('./deployment-job.ts');

void runJob(JSON.parse(process.argv[2]));
