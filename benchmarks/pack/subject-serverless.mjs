import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { exportForPip, packageOf, serviceNames } from './workloads.mjs';

/** Serverless 3 with serverless-python-requirements and its caches. */
export function serverless({ tools, uv, python, interpreter }) {
  const folderOf = (root, service) => join(root, 'services', service, 'src');
  return [
    {
      name: 'serverless-python-requirements',
      prepare: (root, workload) => {
        symlinkSync(
          join(tools.serverless, 'node_modules'),
          join(root, 'node_modules'),
        );
        for (const service of serviceNames(workload)) {
          const folder = folderOf(root, service);
          writeFileSync(
            join(folder, 'requirements.txt'),
            exportForPip(root, service, workload, uv),
          );
          writeFileSync(
            join(folder, 'serverless.yml'),
            [
              `service: ${service}`,
              'frameworkVersion: "3"',
              'provider:',
              '  name: aws',
              `  runtime: python${python}`,
              'plugins:',
              '  - serverless-python-requirements',
              'custom:',
              '  pythonRequirements:',
              `    pythonBin: ${interpreter}`,
              `    cacheLocation: ${join(root, 'cache')}`,
              'package:',
              '  patterns:',
              "    - '!.serverless/**'",
              'functions:',
              '  main:',
              `    handler: ${packageOf(service)}.handler.handler`,
              '',
            ].join('\n'),
          );
        }
      },
      reset: (root, workload) => {
        rmSync(join(root, 'cache'), { recursive: true, force: true });
        for (const service of serviceNames(workload)) {
          rmSync(join(folderOf(root, service), '.serverless'), {
            recursive: true,
            force: true,
          });
        }
      },
      commands: (root, workload) =>
        serviceNames(workload).map((service) => ({
          command: process.execPath,
          args: [
            join(tools.serverless, 'node_modules/serverless/bin/serverless.js'),
            'package',
          ],
          cwd: folderOf(root, service),
          env: {
            ...process.env,
            PATH: [dirname(interpreter), process.env.PATH].join(delimiter),
            SLS_TELEMETRY_DISABLED: '1',
            SLS_NOTIFICATIONS_MODE: 'off',
          },
        })),
      zips: (root, workload) =>
        serviceNames(workload).map((service) =>
          join(folderOf(root, service), '.serverless', `${service}.zip`),
        ),
    },
  ];
}
