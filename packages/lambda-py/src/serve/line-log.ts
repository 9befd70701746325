import type { LogSink } from '../runtime/log-stream';

/**
 * Lets several environments write to one stream: a piece of one never goes on in the middle of another's line.
 *
 * @param write - takes text
 * @returns makes a sink for each environment
 */
export function shareStream(write: (text: string) => void): () => LogSink {
  let owner: LogSink | undefined;
  let isLineEnded = true;
  return () => {
    const sink: LogSink = (text) => {
      if (text === '') return;
      if (owner !== sink && !isLineEnded) write('\n');
      owner = sink;
      isLineEnded = text.endsWith('\n');
      write(text);
    };
    return sink;
  };
}
