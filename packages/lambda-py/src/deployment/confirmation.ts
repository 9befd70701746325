import { createInterface } from 'node:readline/promises';
import { LambdaPyError } from '../workspace/errors';

/** What is asked about before anything is changed. */
export interface Confirmation {
  readonly stage: string;
  /** What will be done, in a few words. */
  readonly doing: string;
  /** True for a stage whose configuration says `protected`. */
  readonly isProtected: boolean;
  /** True where the stage names no account, so that nothing tells a wrong one from the right one. */
  readonly isUnguarded: boolean;
  /** The account and region that the credentials lead to. */
  readonly place: string;
}

/**
 * Asks the user before a change of a stage that is protected, or that no account guards.
 *
 * @param confirmation - what is asked about
 * @param options - `isConfirmed`: the user said so beforehand; `isInteractive`: somebody can answer; `ask`: asks
 * @throws {@link LambdaPyError} when the user does not confirm, or nobody can
 */
export async function confirm(
  { stage, doing, isProtected, isUnguarded, place }: Confirmation,
  {
    isConfirmed,
    isInteractive,
    ask = askOnTerminal,
  }: {
    readonly isConfirmed: boolean;
    readonly isInteractive: boolean;
    readonly ask?: (question: string) => Promise<string>;
  },
): Promise<void> {
  // A run of many services gives a service without that configuration to no stage at all: --yes must not cover that.
  if (!isUnguarded && (isConfirmed || !isProtected)) return;
  const reason = isUnguarded
    ? `the stage ${stage} names no account`
    : `the stage ${stage} is protected`;
  const details = {
    location: `stage ${stage}`,
    found: place,
    mend: isUnguarded
      ? `set "account" in the configuration "${stage}" of the target in nx.json, or pass --account`
      : 'pass --yes where nobody can be asked',
  };
  if (!isInteractive) {
    throw new LambdaPyError({
      ...details,
      problem: `${reason}, and nobody can be asked`,
    });
  }
  const answer = await ask(
    `${reason}: ${doing} in ${place}?\nType the name of the stage to go on: `,
  );
  if (answer.trim() === stage) return;
  throw new LambdaPyError({ ...details, problem: 'not confirmed' });
}

async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
