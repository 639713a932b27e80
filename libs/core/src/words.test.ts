import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { matchesWords, QUERY_WORDS_MAX, queryWords, WORDS_CHARS_MAX, WORDS_MAX, wordsOf } from './words.ts';

const wordsIn = (data: unknown) => wordsOf(JSON.stringify(data));

describe('wordsOf()', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['Russian in lower case', { car: 'Лада ВЕСТА' }, ['лада', 'веста']],
    ['ё as е', 'Ёлка, всё', ['елка', 'все']],
    ['ё of two code points as е', 'все\u0308', ['все']],
    ['compatibility forms', 'ﬁne Ⅻ ＡＢＣ', ['fine', 'xii', 'abc']],
    ['numbers', { price: 2500000, part: 1.5 }, ['2500000', '1', '5']],
    ['nested values, each word once', [{ a: 'one two' }, [['two', 'three']]], ['one', 'two', 'three']],
    ['marks with their letters', 'Ãçé हिन्दी', ['ãçé', 'हिन्दी']],
    ['signs as gaps', 'x@y.z_w-v', ['x', 'y', 'z', 'w', 'v']],
  ])('takes %s', (_, data, words) => {
    expect(wordsIn(data)).toEqual(words);
  });

  it.each([
    ['{"sum":1749000.50}', ['1749000', '50']],
    [
      '[40817810000012345677,12345678901234567890.10]',
      ['40817810000012345677', '12345678901234567890', '10'],
    ],
    ['{"a":-0.10e+5 , "b" : 1e400}', ['0', '10e', '5', '1e400']],
    ['{"2026": {"7":[8]}, "c" :"\\"9\\" :"}', ['8', '9']],
  ])('takes the numbers of %s with the digits that are shown', (dataText, words) => {
    expect(wordsOf(dataText)).toEqual(words);
  });

  it.each([
    ['marks', 'a\u0301\u0316'],
    ['marks that are letters before they are normalised', '\u0301\uff9e'],
    ['marks of three, written as one', '\u0344\u0f73'],
    ['forms of eighteen letters', '\ufdfa'],
    ['text without gaps', 'ab漢字'],
    ['text with gaps', 'Лада, Веста; '],
  ])('normalises short pieces only, of %s', (_, unit) => {
    const text = `a${unit.repeat(40_000)}`;
    const given: string[] = [];
    const real = String.prototype.normalize;
    const spy = vi.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form) {
      given.push(String(this));
      return real.call(this, form);
    });
    wordsIn(text);
    spy.mockRestore();
    expect(given.join('').length).toBeLessThanOrEqual(text.length);
    for (const piece of given) {
      expect(piece.length).toBeLessThanOrEqual(1024);
      expect(real.call(piece, 'NFKD')).not.toMatch(/\p{M}{121}/u);
    }
  });

  it.each([
    ['of JSON', 'a b ', WORDS_CHARS_MAX / 4],
    ['once they are folded', '\ufdfa', 80_000],
  ])('looks at so many characters %s and no more', (_, unit, times) => {
    const dataText = JSON.stringify([unit.repeat(times), 'beyond']);
    expect(wordsOf(dataText)).not.toContain('beyond');
    expect(wordsOf(JSON.stringify([unit.repeat(times / 20), 'within']))).toContain('within');
  });

  it('finds each word of a long text, wherever it is cut', () => {
    const text = Array.from({ length: 700 }, (_, i) => `слово${i}é`).join(',');
    expect(wordsIn(text)).toEqual(Array.from({ length: 700 }, (_, i) => `слово${i}é`));
  });

  it('takes no names of members, truth values or nulls', () => {
    expect(wordsIn({ hidden: [true, null, false] })).toEqual([]);
  });

  it('cuts a word by code points, never in the middle of a character', () => {
    expect(wordsIn('\u{20000}'.repeat(100))).toEqual(['\u{20000}'.repeat(64)]);
  });

  it('stops at the most words a message may have', () => {
    const data = [Array.from({ length: WORDS_MAX + 50 }, (_, i) => `w${i}`).join(' '), 'beyond'];
    expect(wordsIn(data)).toHaveLength(WORDS_MAX);
    expect(wordsIn(data)).not.toContain('beyond');
  });

  it('gives words free of anything a pattern could read otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of wordsIn(text)) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }),
    );
  });
});

describe('queryWords()', () => {
  it('folds as the words of messages are folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const searched = queryWords(text);
        expect(matchesWords(wordsIn(text), searched)).toBe(true);
      }),
    );
  });

  it('takes each word once and only so many', () => {
    expect(queryWords('a A а a')).toEqual(['a', 'а']);
    expect(queryWords(Array.from({ length: 30 }, (_, i) => `w${i}`).join(' '))).toHaveLength(QUERY_WORDS_MAX);
  });

  it('finds no word in signs', () => {
    expect(queryWords(' ?! .* ')).toEqual([]);
  });
});

describe('matchesWords()', () => {
  it.each([
    [['красный', 'лада'], ['крас'], true],
    [['красный', 'лада'], ['лад', 'красный'], true],
    [['красный', 'лада'], ['лад', 'син'], false],
    [['красный'], ['асный'], false],
    [['красный'], [], true],
    [[], ['а'], false],
  ])('%j has beginnings %j: %s', (words, searched, expected) => {
    expect(matchesWords(words, searched)).toBe(expected);
  });
});
