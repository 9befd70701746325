import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from '../shared/process.mjs';
import { exportForPip, packageOf, serviceNames } from './workloads.mjs';

/** `sam build`, with each of its Python builders. It writes folders: the zips are made afterwards, and not measured. */
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
    zips: (root, workload) =>
      serviceNames(workload).map((service) => {
        const folder = join(root, '.aws-sam/build', resourceOf(service));
        const zip = join(root, 'zips', `${service}.zip`);
        mkdirSync(dirname(zip), { recursive: true });
        rmSync(zip, { force: true });
        run('zip', ['-qrX', zip, '.'], { cwd: folder });
        return zip;
      }),
    isZippedAfterwards: true,
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
