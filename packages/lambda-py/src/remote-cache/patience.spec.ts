import { setTimeout as sleep } from 'node:timers/promises';
import { startPatience } from './patience';

const LIMIT_MS = 300;

describe('the patience of a run', () => {
  it('ends where slow answers add up to the limit, though each comes in time', async () => {
    const patience = startPatience(LIMIT_MS);
    let reason: Error | undefined;
    let answers = 0;
    while (reason === undefined && answers < 20) {
      const wait = patience.wait((error) => (reason = error));
      await sleep(150);
      wait.end();
      answers += 1;
    }

    // A tenth of each is free: 120 ms count.
    expect(answers).toBe(3);
    expect(reason?.message).toBe(
      'it is slow: this run has waited for it for 0.3 s in all',
    );
  });

  it('does not end by answers that come at once, nor while a body is sent', async () => {
    const patience = startPatience(LIMIT_MS);
    const giveUp = jest.fn();
    for (let answer = 0; answer < 40; answer += 1) {
      const wait = patience.wait(giveUp);
      await sleep(5);
      wait.goOn();
      await sleep(5);
      wait.end();
    }
    const sending = patience.wait(giveUp);
    sending.pause();
    await sleep(LIMIT_MS * 1.5);
    sending.end();

    expect(giveUp).not.toHaveBeenCalled();
  });

  it('counts once what waits at the same time, and ends all of it', async () => {
    const patience = startPatience(LIMIT_MS);
    const giveUps = Array.from({ length: 8 }, () => jest.fn());
    const waits = giveUps.map((giveUp) => patience.wait(giveUp));
    await sleep(LIMIT_MS / 2);

    for (const giveUp of giveUps) expect(giveUp).not.toHaveBeenCalled();
    await sleep(LIMIT_MS);
    for (const giveUp of giveUps) expect(giveUp).toHaveBeenCalledTimes(1);
    for (const wait of waits) wait.end();
  });
});
