import type { Readable } from 'node:stream';

/** Where a piece of log comes from: the function's own streams, or the platform around it. */
export type LogSource = 'stdout' | 'stderr' | 'platform';

/** Takes logs as they come. */
export type LogSink = (text: string, source: LogSource) => void;

/** How much of the logs is kept, in characters: the latest. All of them go to the sink. */
export const KEPT_LOG_CHARACTERS = 1024 * 1024;

/** Gathers an execution environment's logs. */
export class LogCollector {
  private readonly kept: string[] = [];
  private characters = 0;

  /** @param sink - gets every piece at once */
  constructor(private readonly sink: LogSink = () => undefined) {}

  /** The latest logs, {@link KEPT_LOG_CHARACTERS} at most. */
  get text(): string {
    return this.kept.join('').slice(-KEPT_LOG_CHARACTERS);
  }

  /** Forgets what was kept: the next invocation's logs begin. */
  clear(): void {
    this.kept.length = 0;
    this.characters = 0;
  }

  /**
   * Adds a piece.
   *
   * @param text - the piece
   * @param source - where it comes from
   */
  write(text: string, source: LogSource): void {
    this.sink(text, source);
    this.kept.push(text);
    this.characters += text.length;
    while (
      this.characters - (this.kept[0]?.length ?? 0) >
      KEPT_LOG_CHARACTERS
    ) {
      this.characters -= this.kept.shift()?.length ?? 0;
    }
  }

  /**
   * Adds a line of the platform's, on a line of its own.
   *
   * @param line - without its end
   */
  writeLine(line: string): void {
    const needsBreak = this.kept.at(-1)?.endsWith('\n') === false;
    this.write(`${needsBreak ? '\n' : ''}${line}\n`, 'platform');
  }

  /**
   * Adds all that a stream brings. awslambdaric ends the lines of one message with a carriage return, which CloudWatch
   * shows as a new line, and a terminal would overwrite.
   *
   * @param stream - the function's stdout or stderr
   * @param source - which of them
   */
  follow(stream: Readable, source: LogSource): void {
    let endedInReturn = false;
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const text =
        endedInReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
      endedInReturn = chunk.endsWith('\r');
      if (text !== '') this.write(text.replace(/\r\n?/g, '\n'), source);
    });
    // A stream that breaks has nothing more to tell.
    stream.on('error', () => undefined);
  }
}
