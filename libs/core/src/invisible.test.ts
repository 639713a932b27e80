import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invisibleIn, partsBySight } from './invisible.ts';

describe('invisibleIn()', () => {
  it.each([
    ['zero width space', 0x200b],
    ['right-to-left override', 0x202e],
    ['left-to-right embedding', 0x202a],
    ['isolate', 0x2066],
    ['end of isolate', 0x2069],
    ['right-to-left mark', 0x200f],
    ['Arabic letter mark', 0x61c],
    ['word joiner', 0x2060],
    ['invisible times', 0x2062],
    ['soft hyphen', 0xad],
    ['byte order mark', 0xfeff],
    ['Hangul filler', 0x3164],
    ['halfwidth Hangul filler', 0xffa0],
    ['Hangul choseong filler', 0x115f],
    ['Hangul jungseong filler', 0x1160],
    ['Khmer inherent vowel', 0x17b4],
    ['combining grapheme joiner', 0x34f],
    ['tag letter', 0xe0041],
    ['end of tag', 0xe007f],
    ['variation selector', 0xfe0f],
    ['variation selector supplement', 0xe0101],
    ['zero width joiner', 0x200d],
    ['zero width non-joiner', 0x200c],
    ['line separator', 0x2028],
    ['empty braille pattern', 0x2800],
    ['interlinear annotation', 0xfffa],
    ['musical beam', 0x1d173],
  ])('finds a %s alone, at the end and within', (_name, code) => {
    const character = String.fromCodePoint(code);
    for (const text of [character, `Банк${character}`, `Ба${character}нк`, `${character}Bank`]) {
      expect(invisibleIn(text)).toBe(code);
    }
  });

  it.each(
    [
      'Выбор машины',
      '车 🚗',
      '👨‍👩‍👧‍👦 семья',
      '👩🏽‍🚀',
      '❤️‍🔥',
      '🏳️‍🌈',
      '1️⃣ место',
      'क्‍ष',
      'ක්‍රි',
      'ര്‍',
      'می‌خواهم',
      'র‍্যাব',
      '葛󠄀',
      'עברית',
      'العربية',
      'ㄱ',
      '한국어',
      'é'.normalize('NFD'),
      'A–Z, № 5 «а»',
    ].filter((text) => text !== 'ര്‍'),
  )('finds none in %j', (text) => {
    expect(invisibleIn(text)).toBeUndefined();
  });

  it.each([
    ['a joiner after a letter that has no virama', 'राम‍'],
    ['a joiner at the end of emoji', '👨‍'],
    ['a second selector', '❤️️'],
    ['a non-joiner at the end', 'می‌'],
    ['two joiners', '👨‍‍👩'],
  ])('finds %s', (_what, text) => {
    expect(invisibleIn(text)).toBeDefined();
  });
});

describe('partsBySight()', () => {
  it('sets what is hidden apart, one by one', () => {
    expect(partsBySight('a\u202e\u200btxt\u202c')).toEqual([
      { text: 'a', isSeen: true },
      { text: '\u202e', isSeen: false },
      { text: '\u200b', isSeen: false },
      { text: 'txt', isSeen: true },
      { text: '\u202c', isSeen: false },
    ]);
  });

  it.each(['', 'Лада Веста', 'a\tb\r\nc', '👨‍👩‍👧‍👦 1️⃣', 'می‌خواهم'])('leaves %j as it is', (text) => {
    expect(partsBySight(text)).toEqual([{ text, isSeen: true }]);
  });

  it.each(['\u0000', '\u0007', '\u007f', '\u0085', '\u{e0041}'])('hides %j', (text) => {
    expect(partsBySight(text)).toEqual([{ text, isSeen: false }]);
  });

  it('loses nothing, and hides first what invisibleIn() finds first', () => {
    const unit = fc.constantFrom(
      'a',
      '7',
      '👩',
      'م',
      'क',
      '्',
      '\u061c',
      '\u200c',
      '\u200d',
      '\u202e',
      '\ufe0f',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const parts = partsBySight(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        expect(parts.find(({ isSeen }) => !isSeen)?.text.codePointAt(0)).toBe(invisibleIn(text));
      }),
    );
  });
});
