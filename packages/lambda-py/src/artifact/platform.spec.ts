import { markerEnvironment, uvPlatform } from './platform';
import { sampleRuntime } from './testing/samples';

describe('uvPlatform', () => {
  it.each([
    ['python3.11', 'x86_64', 'x86_64-manylinux_2_17'],
    ['python3.11', 'arm64', 'aarch64-manylinux_2_17'],
    ['python3.12', 'x86_64', 'x86_64-manylinux_2_34'],
    ['python3.13', 'arm64', 'aarch64-manylinux_2_34'],
  ] as const)('%s on %s takes %s', (identifier, architecture, platform) => {
    const runtime = sampleRuntime(identifier);
    expect(uvPlatform({ runtime, architecture })).toBe(platform);
  });

  it('takes the highest tag that is not above the glibc', () => {
    const runtime = { ...sampleRuntime(), glibc: { major: 2, minor: 30 } };
    expect(uvPlatform({ runtime, architecture: 'x86_64' })).toBe(
      'x86_64-manylinux_2_28',
    );
  });

  it('knows no platform below the oldest tag', () => {
    const runtime = { ...sampleRuntime(), glibc: { major: 2, minor: 12 } };
    expect(() => uvPlatform({ runtime, architecture: 'x86_64' })).toThrow(
      'glibc 2.12',
    );
  });
});

describe('markerEnvironment', () => {
  it('is that of Lambda, not of this machine', () => {
    expect(
      markerEnvironment({
        runtime: sampleRuntime('python3.12'),
        architecture: 'arm64',
      }),
    ).toEqual({
      implementation_name: 'cpython',
      os_name: 'posix',
      platform_machine: 'aarch64',
      platform_python_implementation: 'CPython',
      platform_system: 'Linux',
      python_full_version: '3.12.0',
      python_version: '3.12',
      sys_platform: 'linux',
    });
  });
});
