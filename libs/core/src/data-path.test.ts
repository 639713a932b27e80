import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDataPath, parseDataPath } from './data-path.ts';

describe('formatDataPath()', () => {
  it('is read back as the same names, none of them a star', () => {
    const names = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('*', 'a.b', '\\', '.')), {
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (path) => {
        expect(parseDataPath(formatDataPath(path))).toEqual(path.map((name) => ({ name, isStar: false })));
      }),
    );
  });
});
