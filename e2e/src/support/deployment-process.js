// Runs deployments outside of Jest: one that a test kills, "node deployment-process.js JOB", or all that its parent sends.
require('../../../packages/lambda-py/src/deployment/testing/typescript-hook');

const { runJob } = require('./deployment-job.ts');

const [, , job] = process.argv;
if (job === undefined) {
  process.on('message', ({ id, job: sent }) => {
    runJob(sent).then(
      (record) => process.send({ id, record }),
      (error) => process.send({ id, error: String(error) }),
    );
  });
} else {
  void runJob(JSON.parse(job));
}
