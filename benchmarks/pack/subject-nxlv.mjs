import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from '../shared/process.mjs';
import { serviceNames } from './workloads.mjs';

/** `@nxlv/python`: its executor package-dependencies, which installs with pip and zips. */
export function nxlv({ tools, uv, interpreter, python }) {
  const environment = (root) => ({
    ...process.env,
    PATH: [join(root, '.venv/bin'), dirname(uv), process.env.PATH].join(
      delimiter,
    ),
    VIRTUAL_ENV: join(root, '.venv'),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_SKIP_NX_CACHE: 'true',
  });
  return [
    {
      name: '@nxlv/python package-dependencies',
      prepare: (root, workload, workloadName) => {
        const platform =
          workloadName === 'L'
            ? 'manylinux_2_28_x86_64'
            : 'manylinux2014_x86_64';
        for (const service of serviceNames(workload)) {
          const target = {
            executor: '@nxlv/python:package-dependencies',
            options: {
              outputPath: `zips/${service}.zip`,
              platform,
              pythonVersion: python,
              abi: `cp${python.replace('.', '')}`,
            },
          };
          writeFileSync(
            join(root, 'services', service, 'project.json'),
            JSON.stringify({
              name: service,
              projectType: 'application',
              sourceRoot: `services/${service}/src`,
              targets: { package: target },
            }),
          );
        }
        if (workload.library) {
          writeFileSync(
            join(root, 'libs/shared/project.json'),
            JSON.stringify({
              name: 'acme-shared',
              projectType: 'library',
              targets: {},
            }),
          );
        }
        writeFileSync(
          join(root, 'nx.json'),
          JSON.stringify({
            analytics: false,
            neverConnectToCloud: true,
            plugins: [
              { plugin: '@nxlv/python', options: { packageManager: 'uv' } },
            ],
          }),
        );
        writeFileSync(join(root, 'package.json'), '{ "private": true }\n');
        symlinkSync(
          join(tools.nxlv, 'node_modules'),
          join(root, 'node_modules'),
        );
        run(uv, ['venv', '--quiet', '--seed', '--python', interpreter], {
          cwd: root,
        });
        run(uv, ['sync', '--quiet', '--all-packages', '--inexact'], {
          cwd: root,
        });
      },
      reset: (root) => {
        for (const folder of ['zips', '.nx']) {
          rmSync(join(root, folder), { recursive: true, force: true });
        }
        mkdirSync(join(root, 'zips'));
      },
      commands: (root) => [
        {
          command: process.execPath,
          args: [
            join(tools.nxlv, 'node_modules/nx/dist/bin/nx.js'),
            ...['run-many', '--target=package', '--parallel=2'],
            ...['--outputStyle=static'],
          ],
          env: environment(root),
        },
      ],
      zips: (root, workload) =>
        serviceNames(workload).map((service) =>
          join(root, 'zips', `${service}.zip`),
        ),
    },
  ];
}
