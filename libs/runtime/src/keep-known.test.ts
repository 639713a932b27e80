import { describe, expect, it } from 'vitest';
import { keepKnown } from './keep-known.ts';

function world() {
  const state = { nowMs: 1000, loads: 0, isAway: false };
  const load = async () => {
    state.loads += 1;
    if (state.isAway) throw new Error('away');
    return state.loads;
  };
  return { state, known: keepKnown(load, { now: () => state.nowMs }) };
}

describe('keepKnown()', () => {
  it('loads once for all who ask while it is young enough, each by its own measure', async () => {
    const { state, known } = world();
    expect(await Promise.all([known.get(100), known.get(100)])).toEqual([1, 1]);
    state.nowMs += 100;
    expect(await known.get(100)).toBe(1);
    expect(await known.get(50)).toBe(2);
  });

  it('keeps what it knows while no load succeeds, and rejects where it knows nothing', async () => {
    const { state, known } = world();
    state.isAway = true;
    await expect(known.get(100)).rejects.toThrow('away');
    state.isAway = false;
    expect(await known.get(100)).toBe(2);
    state.isAway = true;
    state.nowMs += 200;
    expect(await known.get(100)).toBe(2);
    expect(state.loads).toBe(3);
  });

  it('loads again once it was told to forget', async () => {
    const { known } = world();
    await known.get(100);
    known.forget();
    expect(await known.get(100)).toBe(2);
  });
});
