import { Console } from 'node:console';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProcess } from '../../workspace/process';
import { captureOutput } from './captured-output';

describe('captureOutput', () => {
  it('tells apart what works that run at the same time print', async () => {
    const work = (name: string, ms: number) =>
      captureOutput(async () => {
        process.stdout.write(`${name} 1\n`);
        await sleep(ms);
        new Console(process.stdout, process.stderr).error(`${name} 2`);
        await runProcess('echo', [`${name} 3`], {
          cwd: process.cwd(),
          onOutput: (text) => process.stdout.write(Buffer.from(text)),
        });
        return ms;
      });
    expect(await Promise.all([work('a', 30), work('b', 10)])).toEqual([
      { result: 30, output: 'a 1\na 2\na 3\n' },
      { result: 10, output: 'b 1\nb 2\nb 3\n' },
    ]);
  });

  it('leaves what others print alone, and ends with the work', async () => {
    const printed: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => {
        printed.push(String(text));
        return true;
      });
    const captured = captureOutput(async () => {
      process.stdout.write('taken');
      await sleep(10);
      throw new Error('no');
    });
    process.stdout.write('between');
    await expect(captured).rejects.toThrow('no');
    process.stdout.write('after');
    write.mockRestore();
    expect(printed).toEqual(['between', 'after']);
  });
});
