import { lineOf, vulnerabilitiesAsSarif } from './sarif';

const TEXT =
  '# x\nrequests-toolbelt==2.31.0\nrequests==2.31.0.1\nrequests==2.31.0 \\\n    --hash=sha256:aa\n';
const VULNERABILITY = {
  pin: 'requests 2.31.0',
  advisory: { id: 'GHSA-1', aliases: ['CVE-1'], summary: 's', fixedIn: ['3'] },
};

describe('vulnerabilitiesAsSarif', () => {
  it('points to the line of the pin', () => {
    expect(
      vulnerabilitiesAsSarif({
        file: 'services/a b/requirements.txt',
        text: TEXT,
        vulnerabilities: [VULNERABILITY],
      }),
    ).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { rules: [{ id: 'GHSA-1' }] } },
          invocations: [{ executionSuccessful: true }],
          results: [
            {
              ruleId: 'GHSA-1',
              message: {
                text: 'requests 2.31.0: GHSA-1 (CVE-1): s [fixed in 3]',
              },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: {
                      uri: 'services/a%20b/requirements.txt',
                    },
                    region: { startLine: 4 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('says that an audit is not whole', () => {
    const options = { file: 'f', text: TEXT, vulnerabilities: [] };
    expect(
      vulnerabilitiesAsSarif({ ...options, failure: 'no answer' }),
    ).toMatchObject({
      runs: [
        {
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [{ message: { text: 'no answer' } }],
            },
          ],
        },
      ],
    });
  });

  it('points to the first line where the pin has a local part', () => {
    expect(lineOf(['torch==2.1.0+cpu'], 'torch 2.1.0')).toBe(1);
    expect(lineOf(['', 'torch==2.1.0+cpu'], 'torch 2.1.0')).toBe(2);
    expect(lineOf(['', 'a==1'], 'torch 2.1.0')).toBe(1);
  });
});
