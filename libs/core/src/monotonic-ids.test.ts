import { describe, expect, it } from 'vitest';
import { createMonotonicIds } from './monotonic-ids.ts';

const zeros = () => new Uint8Array(10);

describe('createMonotonicIds()', () => {
  it('makes ids that sort in the order they were made within one millisecond', () => {
    const next = createMonotonicIds('msg', zeros);
    const ids = Array.from({ length: 1000 }, () => next(1_700_000_000_000));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
  });

  it('keeps the order when the clock steps back', () => {
    const next = createMonotonicIds('msg', zeros);
    const ids = [next(2000), next(1000), next(1500), next(2001)];
    expect([...ids].sort()).toEqual(ids);
  });

  it('draws a new random part in a new millisecond', () => {
    let draws = 0;
    const next = createMonotonicIds('msg', () => {
      draws += 1;
      return new Uint8Array(10).fill(draws);
    });
    next(1);
    next(1);
    next(2);
    expect(draws).toBe(2);
  });
});
