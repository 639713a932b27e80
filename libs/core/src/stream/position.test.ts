import { describe, expect, it } from 'vitest';
import { comparePositions, endOf, formatPosition, laterOf, parsePosition } from './position.ts';

const at = (seconds: number, increment: number, nth = 0) => ({ seconds, increment, nth });

describe('a position', () => {
  it.each([at(0, 0), at(1_764_201_600, 7, 3), at(0xffff_ffff, 0xffff_ffff, 999_999)])(
    '%o survives being written',
    (one) => {
      expect(parsePosition(formatPosition(one))).toEqual(one);
    },
  );

  it.each(['', '1.2', '1.2.3.4', '-1.2.3', '1.2.x', '4294967296.0.0', '1.4294967296.0', '1.2.3\n', 'null'])(
    'none is read from %j',
    (text) => expect(parsePosition(text)).toBeUndefined(),
  );

  it('is ordered by seconds, then within the second, then within one time', () => {
    const ordered = [at(1, 9, 9), at(2, 0, 5), at(2, 1, 0), at(2, 1, 1), endOf(at(2, 1)), at(2, 2)];
    expect(ordered.toReversed().sort(comparePositions)).toEqual(ordered);
    expect(laterOf(at(1, 1), at(1, 2))).toEqual(at(1, 2));
    expect(laterOf(at(3, 1), at(1, 2))).toEqual(at(3, 1));
  });
});
