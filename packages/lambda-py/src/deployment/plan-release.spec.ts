import { describeStep, planRelease } from './plan-release';
import type { ObservedFunction, WantedRelease } from './plan-release';
import { parseShift } from './shift';

const LATEST = {
  arn: 'arn',
  codeSha256: 'old',
  revisionId: 'r',
  isReady: true,
} as const;
const ALIAS = { version: '1', weights: {}, description: '', revisionId: 'a' };
const OBSERVED: ObservedFunction = {
  latest: LATEST,
  alias: ALIAS,
  versionSha256: { 1: 'old' },
};
const WANTED: WantedRelease = {
  codeSha256: 'new',
  zipBytes: 1e6,
  shift: parseShift('AllAtOnce'),
  hasSmoke: true,
};
const kinds = (
  observed: Partial<ObservedFunction>,
  wanted: Partial<WantedRelease> = {},
): readonly string[] =>
  planRelease({ ...OBSERVED, ...observed }, { ...WANTED, ...wanted }).map(
    ({ kind }) => kind,
  );

describe('planRelease', () => {
  it('says what it will do', () => {
    const steps = planRelease(OBSERVED, {
      ...WANTED,
      shift: parseShift('Canary10Percent5Minutes'),
    });

    expect(
      steps.map((step) => describeStep(step, { aliasName: 'live' })),
    ).toEqual([
      'upload 1.0 MB directly',
      'publish a version',
      'invoke the new version',
      'shift live from version 1 by 10, 100 percent, every 300 s',
    ]);
  });

  it('uploads a large zip through S3', () => {
    const [upload] = planRelease(OBSERVED, { ...WANTED, zipBytes: 60e6 });

    expect(upload).toMatchObject({ kind: 'upload', through: 's3' });
  });

  it('does nothing where the alias has the code', () => {
    expect(kinds({ versionSha256: { 1: 'new' } })).toEqual([]);
  });

  it('uploads nothing that is there, unless Lambda could not take it', () => {
    const latest = { ...LATEST, codeSha256: 'new' };

    expect(kinds({ latest })).toEqual(['publish', 'smoke', 'shift']);
    expect(kinds({ latest: { ...latest, failure: 'why' } })[0]).toBe('upload');
  });

  it('takes a shift back that went elsewhere', () => {
    const alias = { ...ALIAS, weights: { 2: 0.5 } };
    const versionSha256 = { 1: 'old', 2: 'other' };

    expect(kinds({ alias, versionSha256 })[0]).toBe('clear');
    expect(kinds({ alias, versionSha256: { 1: 'new', 2: 'other' } })).toEqual([
      'clear',
    ]);
  });

  it('goes on with its own', () => {
    const alias = { ...ALIAS, weights: { 2: 0.5 } };

    expect(kinds({ alias, versionSha256: { 1: 'old', 2: 'new' } })).toEqual([
      'resume',
      'smoke',
      'shift',
    ]);
  });

  it('goes over to a version that was published already, whatever its code', () => {
    const versionSha256 = { 1: 'new' };

    expect(kinds({ versionSha256 }, { publishedVersion: '2' })).toEqual([
      'resume',
      'smoke',
      'shift',
    ]);
    expect(kinds({ versionSha256 }, { publishedVersion: '1' })).toEqual([]);
  });
});
