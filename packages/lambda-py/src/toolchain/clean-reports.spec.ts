import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { cleanReports } from './clean-reports';

const makeFolder = useTemporaryFolders();

describe('cleanReports', () => {
  it('takes out machine and time of day, and nothing else', () => {
    const folder = makeFolder();
    folder.write(
      'coverage.json',
      '{"meta":{"format":3,"timestamp":"2026-01-01T00:00:00"},"files":{},"totals":{"num_statements":1}}',
    );
    folder.write(
      'junit.xml',
      '<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="1" time="0.1" timestamp="2026-01-01T00:00:00" hostname="box"><testcase name="a" time="0.1"><system-out>&lt;testsuite hostname="kept"&gt; hostname="kept"</system-out></testcase></testsuite></testsuites>',
    );
    cleanReports(folder.path);
    const read = (file: string): string =>
      readFileSync(join(folder.path, file), 'utf8');
    expect(read('coverage.json')).toBe(
      '{"meta":{"format":3},"files":{},"totals":{"num_statements":1}}',
    );
    expect(read('junit.xml')).toBe(
      '<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="1" time="0.1"><testcase name="a" time="0.1"><system-out>&lt;testsuite hostname="kept"&gt; hostname="kept"</system-out></testcase></testsuite></testsuites>',
    );
  });

  it('needs neither of them', () => {
    expect(() => {
      cleanReports(makeFolder().path);
    }).not.toThrow();
  });
});
