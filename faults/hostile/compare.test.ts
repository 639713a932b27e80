import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';

const stretches = (...p99s: readonly number[]) =>
  p99s.map((p99Ms) => ({ messages: 800, p50Ms: 10, p99Ms, ownDelayP99Ms: 8 }));

function isKept(quiet: readonly number[], beside: readonly number[], isShort = false): boolean {
  const broken: string[] = [];
  const require = (holds: boolean, why: string) => void (holds || broken.push(why));
  compare({ note: () => undefined, require, isShort }, stretches(...quiet), stretches(...beside));
  return broken.length === 0;
}

describe('compare()', () => {
  it.each([
    ['less than 100 ms before counts as 100', [20, 20, 20], [200, 200, 200], true],
    ['more than twice that is too much', [20, 20, 20], [201, 201, 201], false],
    ['where it was slow before, twice as slow is allowed', [150, 150, 150], [300, 300, 300], true],
    ['one stretch in which the machine stood still makes no difference', [20, 20, 20], [90, 900, 90], true],
    ['two do', [20, 20, 20], [90, 900, 900], false],
    ['nor does one before widen what is allowed', [20, 900, 20], [250, 250, 250], false],
  ])('%s', (_, quiet, beside, expected) => {
    expect(isKept(quiet, beside)).toBe(expected);
  });

  it('judges nothing where other tests run beside it', () => {
    expect(isKept([20], [900], true)).toBe(true);
  });
});
