/**
 * Characters that are not seen where they stand, or that turn or hide what follows: what Unicode calls default
 * ignorable, annotations, line separators, the empty braille pattern.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/u;

const VIRAMA =
  '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u0f84\\u1039\\u103a\\u17d2\\u1b44\\ua9c0\\u{11046}\\u{1107f}\\u{110b9}]';
const EMOJI = '\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?';
const CURSIVE = '[\\p{scx=Arabic}\\p{scx=Syriac}\\p{scx=Mongolian}\\p{scx=Nko}]';

/** Where scripts and emoji need such a character to be written as they are (after RFC 5892, appendix A). */
const NEEDED = new RegExp(
  [
    // Joiners beside a virama: Devanagari and its kin.
    `(?<=${VIRAMA})[\\u200c\\u200d](?=\\p{L})|(?<=\\p{L})\\u200d(?=${VIRAMA})`,
    // Between letters that would join, as Persian has it.
    `(?<=${CURSIVE})\\u200c(?=${CURSIVE})`,
    // A family is people joined.
    `(?<=${EMOJI})\\u200d(?=\\p{Extended_Pictographic})`,
    // Shown as emoji or as text; keycaps.
    '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]|(?<=[#*0-9])\\ufe0f(?=\\u20e3)',
    // Variants of Chinese and Mongolian letters.
    '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
    '(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]',
  ].join('|'),
  'gu',
);

/** The first code point of a text that makes it look like another one, or like none; undefined when all is seen. */
export function invisibleIn(text: string): number | undefined {
  return INVISIBLE.exec(text.replace(NEEDED, ''))?.[0].codePointAt(0);
}
