import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWords, QUERY_WORDS_MAX, queryWords, WORDS_MAX, wordsOf } from './words.ts';

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
    expect(wordsOf(data)).toEqual(words);
  });

  it('takes no names of members, truth values or nulls', () => {
    expect(wordsOf({ hidden: [true, null, false] })).toEqual([]);
  });

  it('cuts a word by code points, never in the middle of a character', () => {
    expect(wordsOf('\u{20000}'.repeat(100))).toEqual(['\u{20000}'.repeat(64)]);
  });

  it('stops at the most words a message may have', () => {
    const data = [Array.from({ length: WORDS_MAX + 50 }, (_, i) => `w${i}`).join(' '), 'beyond'];
    expect(wordsOf(data)).toHaveLength(WORDS_MAX);
    expect(wordsOf(data)).not.toContain('beyond');
  });

  it('gives words free of anything a pattern could read otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }),
    );
  });
});

describe('queryWords()', () => {
  it('folds as the words of messages are folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const searched = queryWords(text);
        expect(matchesWords(wordsOf(text), searched)).toBe(true);
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
