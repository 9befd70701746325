import { markerHolds } from './markers';

const ENVIRONMENT = {
  python_version: '3.12',
  python_full_version: '3.12.0',
  sys_platform: 'linux',
  platform_machine: 'aarch64',
  os_name: 'posix',
};

describe('markerHolds', () => {
  it.each([
    [true, "sys_platform == 'linux'"],
    [false, "sys_platform == 'win32'"],
    [true, "sys_platform != 'win32'"],
    [true, "'linux' == sys_platform"],
    [true, 'sys_platform == "linux"'],
    [false, "python_full_version < '3.12'"],
    [true, "python_full_version >= '3.12'"],
    [false, "python_full_version >= '3.12.4'"],
    [true, "python_full_version == '3.12.*'"],
    [false, "python_full_version != '3.12.*'"],
    [true, "python_version > '3.9'"],
    [false, "'3.12' < python_full_version"],
    [true, "'3.11' < python_full_version"],
    [true, "python_full_version ~= '3.10'"],
    [true, "platform_machine in 'x86_64 aarch64'"],
    [false, "platform_machine not  in 'x86_64 aarch64'"],
    [false, "'win' in sys_platform"],
    [false, "os_name == 'nt' or sys_platform == 'win32'"],
    [true, "os_name == 'nt' or sys_platform == 'linux'"],
    [false, "os_name == 'posix' and sys_platform == 'win32'"],
    [true, "os_name == 'posix' or os_name == 'nt' and sys_platform == 'win32'"],
    [
      false,
      "(os_name == 'posix' or os_name == 'nt') and sys_platform == 'win32'",
    ],
    [
      false,
      "(python_full_version < '3.12' and platform_machine in 'x86_64 aarch64') or sys_platform == 'win32'",
    ],
  ])('%s: %s', (holds, marker) => {
    expect(markerHolds(marker, ENVIRONMENT)).toBe(holds);
  });

  it.each([
    "platform_release >= '5'",
    "extra == 'extra-6-orders-json'",
    "python_full_version in '3.10 3.11'",
    "python_full_version < '3.12rc1'",
    "sys_platform < 'win32'",
    "sys_platform == 'win32' ?",
    "sys_platform == 'win32' sys_platform",
    'sys_platform',
    "(sys_platform == 'win32'",
    "== 'win32'",
    '',
  ])('holds where something is not known: %s', (marker) => {
    expect(markerHolds(marker, ENVIRONMENT)).toBe(true);
  });

  it('judges what is known beside it', () => {
    expect(
      markerHolds("sys_platform == 'win32' and extra == 'x'", ENVIRONMENT),
    ).toBe(false);
  });
});
