import { describe, expect, it } from 'vitest';
import { numbered } from './numbered.ts';

const of = (...ns: number[]) => numbered(ns.map((n) => ({ n })));

describe('numbered()', () => {
  it('counts on over what was sent anew, and says where that was', () => {
    expect(of(1, 2, 1, 1)).toEqual([
      { n: 1, place: 1, anew: false },
      { n: 2, place: 2, anew: false },
      { n: 1, place: 3, anew: true },
      { n: 1, place: 4, anew: true },
    ]);
  });

  it('begins where the kept ones begin', () => {
    expect(of(7, 8).map(({ place }) => place)).toEqual([7, 8]);
  });

  it('of none is none', () => {
    expect(of()).toEqual([]);
  });
});
