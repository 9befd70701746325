import { AsyncLocalStorage } from 'node:async_hooks';

interface Capture {
  text: string;
}

const STREAMS = ['stdout', 'stderr'] as const;
const current = new AsyncLocalStorage<Capture>();
let captures = 0;
let restore = (): void => undefined;

/**
 * Runs some work and takes what it prints, be it on stdout, on stderr, through `console` or through Nx's logger. Works
 * that run at the same time are told apart by their asynchronous context, so an executor prints in a batch as it prints
 * alone.
 *
 * @param work - may print
 * @returns what it returned, and what it printed
 */
export async function captureOutput<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly output: string }> {
  const capture: Capture = { text: '' };
  if (captures === 0) restore = divertStreams();
  captures += 1;
  try {
    const result = await current.run(capture, work);
    return { result, output: capture.text };
  } finally {
    captures -= 1;
    if (captures === 0) restore();
  }
}

function divertStreams(): () => void {
  const originals = STREAMS.map((name) => {
    const stream = process[name];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back as it was
    const { write } = stream;
    const divert = (
      chunk: string | Uint8Array,
      ...rest: [unknown?, unknown?]
    ): boolean => {
      const capture = current.getStore();
      if (capture === undefined) {
        return (write as (...args: unknown[]) => boolean).call(
          stream,
          chunk,
          ...rest,
        );
      }
      capture.text +=
        typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const done = rest.find((one) => typeof one === 'function');
      if (done !== undefined) process.nextTick(done);
      return true;
    };
    stream.write = divert;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const putBack of originals) putBack();
  };
}
