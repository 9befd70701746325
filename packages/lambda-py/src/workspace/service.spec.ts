import { failureOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { readService } from './service';

const makeFolder = useTemporaryFolders();
const TABLE =
  '[tool.lambda-py]\nhandler = "order_events.handler.handler"\nruntime = "python3.12"\n';

function serviceOf(text: string) {
  const workspace = makeFolder();
  workspace.write('services/orders/pyproject.toml', text);
  return readService(workspace.path, 'services/orders');
}

describe('readService', () => {
  it('describes the service of a folder', () => {
    expect(
      serviceOf(`[project]\nname = "Order_Events"\n${TABLE}`),
    ).toMatchObject({
      projectName: 'order-events',
      packageName: 'order_events',
      projectRoot: 'services/orders',
      handler: 'order_events.handler.handler',
      runtime: { identifier: 'python3.12' },
      architecture: 'x86_64',
    });
  });

  it.each([
    [
      'a library',
      '[project]\nname = "a"\n',
      '[tool.lambda-py]: the project is not a service: it has no handler',
      'add [tool.lambda-py] to services/orders/pyproject.toml',
    ],
    [
      'a file without [project]',
      TABLE,
      '[project]: a service needs the table [project]',
      'add [project] with a name to services/orders/pyproject.toml',
    ],
    [
      'a file that is no TOML',
      '[project\n',
      'line 1, column 9: the file is not valid TOML',
      'correct services/orders/pyproject.toml',
    ],
  ])('refuses %s', (_, text, problem, mend) => {
    const message = failureOf(() => serviceOf(text));
    expect(message).toContain(`services/orders/pyproject.toml: ${problem}`);
    expect(message).toContain(`  mend:     ${mend}`);
  });
});
