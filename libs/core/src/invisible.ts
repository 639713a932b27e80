/**
 * Characters that are not seen where they stand, or that turn or hide what follows: what Unicode calls default
 * ignorable, annotations, line separators, the empty braille pattern.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/u;

/** Of C0, DEL and C1; a tab and the ends of lines do what they look like. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

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

/** With what is needed first: what is left is hidden. */
const NEEDED_OR_HIDDEN = new RegExp(`(?:${NEEDED.source})|(${INVISIBLE.source}|${CONTROL.source})`, 'gu');
const MAY_HIDE = new RegExp(`${INVISIBLE.source}|${CONTROL.source}`, 'u');

export type SightPart = { readonly text: string; readonly isSeen: boolean };

/**
 * A text in its parts: what is seen as it stands, and, one by one, the characters that are not: those of `invisibleIn`
 * and controls but for tabs and line ends. Put together they are the text.
 */
export function partsBySight(text: string): readonly SightPart[] {
  if (!MAY_HIDE.test(text)) return [{ text, isSeen: true }];
  const parts: SightPart[] = [];
  let from = 0;
  for (const { 1: hidden, index } of text.matchAll(NEEDED_OR_HIDDEN)) {
    if (hidden === undefined) continue;
    if (index > from) parts.push({ text: text.slice(from, index), isSeen: true });
    parts.push({ text: hidden, isSeen: false });
    from = index + hidden.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isSeen: true });
  return parts;
}

/** The first code point of a text that makes it look like another one, or like none; undefined when all is seen. */
export function invisibleIn(text: string): number | undefined {
  return INVISIBLE.exec(text.replace(NEEDED, ''))?.[0].codePointAt(0);
}
