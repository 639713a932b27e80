import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

const soon = { timeoutMs: 30, everyMs: 1 };

describe('eventually()', () => {
  it('returns what the check gives once it no longer throws', async () => {
    let calls = 0;
    const value = await eventually(() => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return 'done';
    }, soon);
    expect(value).toBe('done');
    expect(calls).toBe(3);
  });

  it('goes on while the check gives undefined or false', async () => {
    const answers = [undefined, false, 7];
    expect(await eventually(async () => answers.shift(), soon)).toBe(7);
  });

  it('takes 0, null and the empty string for answers', async () => {
    expect(await eventually(() => 0, soon)).toBe(0);
    expect(await eventually(() => null, soon)).toBeNull();
    expect(await eventually(() => '', soon)).toBe('');
  });

  it('fails with the last error when the time is up', async () => {
    const reason = new Error('still two');
    const failing = eventually(() => {
      throw reason;
    }, soon);
    await expect(failing).rejects.toThrow('Not within 30 ms: still two');
    await expect(failing).rejects.toMatchObject({ cause: reason });
  });

  it('says which empty answer it saw last', async () => {
    await expect(eventually(() => false, soon)).rejects.toThrow('the check gave false');
  });

  it('checks at least once, however short the time', async () => {
    expect(await eventually(() => 'at once', { timeoutMs: 0 })).toBe('at once');
  });
});
