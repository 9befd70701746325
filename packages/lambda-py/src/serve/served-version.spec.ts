import { makeTestWorkspace } from '../runtime/testing/test-workspace';
import { findPython } from '../workspace/python';
import { runtimeOfPython } from '../workspace/runtimes';
import { openVersion } from './served-version';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

describe('openVersion', () => {
  it('warns of native code that this machine cannot load', async () => {
    const { version } = await findPython(workspace.root);
    workspace.write(
      'services/orders/pyproject.toml',
      '[project]\nname = "orders"\n[tool.lambda-py]\nhandler = "main.handler"\nruntime = "python3.13"\n',
    );
    workspace.write(
      'services/orders/dist/orders.manifest.json',
      JSON.stringify({
        handler: 'main.handler',
        runtime: runtimeOfPython(version)?.identifier,
        architecture: process.arch === 'arm64' ? 'x86_64' : 'arm64',
        zipBytes: 1,
      }),
    );
    const warnings: string[] = [];
    await openVersion(
      {
        workspaceRoot: workspace.root,
        projectRoot: 'services/orders',
        projectFolders: new Set(),
        onWarning: (message) => warnings.push(message),
      },
      workspace.zip('services/orders/dist/orders.zip', {
        'main.py': 'import native',
        'native.cpython-39-other.so': '',
      }),
    );
    expect(warnings.join('\n')).toContain(
      '1 native libraries (native.cpython-39-other.so) cannot be loaded here',
    );
  });
});
