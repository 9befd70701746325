import { rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { exportForPip, packageOf, serviceNames } from './workloads.mjs';

/** `sam build`, with each of its Python builders. It writes folders, which `sam deploy` zips one after the other: here `zip` does, in a row of its own. */
export function sam({ tools, uv, python }) {
  const variant = (builder, flags) => ({
    name: `sam build ${flags.join(' ')}${builder === 'uv' ? ' (uv)' : ' (pip)'}`.replace(
      '  ',
      ' ',
    ),
    prepare: (root, workload) => {
      const resources = serviceNames(workload).map((service) => {
        const source = join(root, 'services', service, 'src');
        writeFileSync(
          join(source, 'requirements.txt'),
          exportForPip(root, service, workload, uv),
        );
        return [
          `  ${resourceOf(service)}:`,
          '    Type: AWS::Serverless::Function',
          ...(builder === 'uv'
            ? ['    Metadata:', '      BuildMethod: python-uv']
            : []),
          '    Properties:',
          `      Handler: ${packageOf(service)}.handler.handler`,
          `      Runtime: python${python}`,
          `      CodeUri: services/${service}/src`,
        ].join('\n');
      });
      writeFileSync(
        join(root, 'template.yaml'),
        `AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n${resources.join('\n')}\n`,
      );
    },
    reset: (root) => {
      rmSync(join(root, '.aws-sam'), { recursive: true, force: true });
    },
    commands: () => [
      {
        command: join(tools.sam, 'bin/sam'),
        args: [
          'build',
          ...flags,
          ...(builder === 'uv' ? ['--beta-features'] : []),
        ],
        env: {
          ...process.env,
          PATH: [join(tools.sam, 'bin'), dirname(uv), process.env.PATH].join(
            delimiter,
          ),
          SAM_CLI_TELEMETRY: '0',
          AWS_DEFAULT_REGION: 'us-east-1',
        },
      },
    ],
    afterwards: {
      name: 'zip',
      commands: (root, workload) => [
        { command: 'rm', args: ['-rf', join(root, 'zips')] },
        { command: 'mkdir', args: [join(root, 'zips')] },
        ...serviceNames(workload).map((service) => ({
          command: 'zip',
          args: ['-qrX', zipOf(root, service), '.'],
          cwd: join(root, '.aws-sam/build', resourceOf(service)),
        })),
      ],
    },
    zips: (root, workload) =>
      serviceNames(workload).map((service) => zipOf(root, service)),
  });
  return [
    variant('uv', []),
    variant('uv', ['--cached', '--parallel']),
    variant('pip', []),
    variant('pip', ['--cached', '--parallel']),
  ];
}

function resourceOf(service) {
  return `Function${service.replace(/\D/g, '')}`;
}

function zipOf(root, service) {
  return join(root, 'zips', `${service}.zip`);
}
