import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportForPip, packageOf, serviceNames } from './workloads.mjs';

/** What people write into a Makefile. */
export function recipes({ uv, python, interpreter }) {
  const buildOf = (root, service) => join(root, 'build', service);
  const zipOf = (root, service) => join(root, 'zips', `${service}.zip`);
  const common = {
    reset: (root) => {
      for (const folder of ['build', 'zips', '.venv']) {
        rmSync(join(root, folder), { recursive: true, force: true });
      }
    },
    zips: (root, workload) =>
      serviceNames(workload).map((service) => zipOf(root, service)),
  };
  const steps = (root, service, install) => [
    {
      command: 'rm',
      args: ['-rf', buildOf(root, service), zipOf(root, service)],
    },
    {
      command: 'mkdir',
      args: ['-p', buildOf(root, service), join(root, 'zips')],
    },
    ...install,
  ];
  const finish = (root, service) => [
    {
      command: 'zip',
      args: ['-qr', zipOf(root, service), '.'],
      cwd: buildOf(root, service),
    },
  ];
  return [
    {
      ...common,
      name: 'venv, pip install --target, zip',
      prepare: (root, workload) => {
        for (const service of serviceNames(workload)) {
          writeFileSync(
            join(root, 'services', service, 'requirements.txt'),
            exportForPip(root, service, workload, uv),
          );
        }
      },
      commands: (root, workload) => [
        { command: interpreter, args: ['-m', 'venv', join(root, '.venv')] },
        ...serviceNames(workload).flatMap((service) => [
          ...steps(root, service, [
            {
              command: join(root, '.venv/bin/pip'),
              args: [
                ...['install', '--quiet', '--disable-pip-version-check'],
                ...['-r', join(root, 'services', service, 'requirements.txt')],
                ...['--target', buildOf(root, service)],
              ],
            },
            {
              command: 'cp',
              args: [
                '-r',
                join(root, 'services', service, 'src', packageOf(service)),
                buildOf(root, service),
              ],
            },
          ]),
          ...finish(root, service),
        ]),
      ],
    },
    ...[true, false].map((withoutCache) => ({
      ...common,
      name: `uv export, uv pip install${withoutCache ? ' -n' : ''} --target, zip`,
      prepare: () => undefined,
      // The two commands are those of @aws/nx-plugin's target bundle, with the Python version. Its `-n` means no cache.
      commands: (root, workload) =>
        serviceNames(workload).flatMap((service) => {
          const requirements = join(buildOf(root, service), 'requirements.txt');
          return [
            ...steps(root, service, [
              {
                command: uv,
                args: [
                  ...['export', '--quiet', '--frozen', '--no-dev'],
                  ...['--no-editable', '--package', service],
                  ...['-o', requirements],
                ],
              },
              {
                command: uv,
                args: [
                  ...['pip', 'install', '--quiet', '--no-deps'],
                  ...(withoutCache ? ['-n'] : []),
                  ...['--no-installer-metadata', '--no-compile-bytecode'],
                  ...['--python-platform', 'x86_64-manylinux_2_28'],
                  ...['--python-version', python, '--python', interpreter],
                  ...['--target', buildOf(root, service), '-r', requirements],
                ],
              },
            ]),
            ...finish(root, service),
          ];
        }),
    })),
  ];
}
