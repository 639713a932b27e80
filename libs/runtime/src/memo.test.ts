import { describe, expect, it } from 'vitest';
import { memoFor } from './memo.ts';

function counted(fail = false) {
  let calls = 0;
  const clock = { at: 0, now: () => clock.at };
  const ask = memoFor(
    1000,
    async () => {
      calls += 1;
      if (fail) throw new Error(`call ${calls}`);
      return calls;
    },
    clock,
  );
  return { ask, clock };
}

describe('memoFor()', () => {
  it('does the work once for all who ask at once, and until it is old', async () => {
    const { ask, clock } = counted();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    clock.at = 999;
    expect(await ask()).toBe(1);
    clock.at = 1000;
    expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
  });

  it('counts the age from when the answer was there', async () => {
    const clock = { at: 0, now: () => clock.at };
    let calls = 0;
    const ask = memoFor(
      1000,
      async () => {
        calls += 1;
        clock.at += 5000;
        return calls;
      },
      clock,
    );
    await ask();
    expect(await ask()).toBe(1);
  });

  it('keeps no failure', async () => {
    const { ask } = counted(true);
    await expect(ask()).rejects.toThrow('call 1');
    await expect(ask()).rejects.toThrow('call 2');
  });
});
