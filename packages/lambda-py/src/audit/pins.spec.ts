import { auditedClosureOf } from './pins';

const FILE = 'services/a/requirements.txt';

describe('auditedClosureOf', () => {
  it('takes each distinct pin, whatever its marker, without its local part', () => {
    const text = [
      '# Generated',
      'urllib3==2.8.0 \\',
      '    --hash=sha256:aa',
      "numpy==2.0.2 ; python_full_version < '3.12'",
      "numpy==2.4.0 ; python_full_version >= '3.12'",
      'torch==2.1.0+cpu',
      "torch==2.1.0 ; sys_platform == 'darwin'",
      'Typing_Extensions==4.12.0',
    ].join('\n');
    expect(auditedClosureOf(text, FILE)).toEqual({
      pins: [
        { name: 'numpy', version: '2.0.2' },
        { name: 'numpy', version: '2.4.0' },
        { name: 'torch', version: '2.1.0' },
        { name: 'typing-extensions', version: '4.12.0' },
        { name: 'urllib3', version: '2.8.0' },
      ],
      unknown: [],
    });
  });

  it('tells what no service can know', () => {
    const text = [
      'kit @ git+https://git.example/kit@0123abc',
      './vendor/thing-1.0-py3-none-any.whl',
    ].join('\n');
    expect(auditedClosureOf(text, FILE)).toEqual({
      pins: [],
      unknown: ['./vendor/thing-1.0-py3-none-any.whl', 'kit'],
    });
  });
});
