import { COMMON_WORDS } from './common-words.ts';
import { type Said, said } from './field-rules.ts';

/** Different characters that must remain besides what is guessed first. */
const UNGUESSED_MIN = 5;
/** A shorter name is part of too much else. */
const NAME_MIN = 4;

/** Keys that lie side by side, as fingers wander over them. */
const WALKS = [
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  '1234567890-=',
  '!@#$%^&*()_+',
  'qwertzuiop',
  'azertyuiop',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю.',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujm',
  'q1w2e3r4t5y6u7i8o9p0',
].flatMap((keys) => [keys, [...keys].reverse().join('')]);

const SUBSTITUTES: readonly (readonly [RegExp, string])[] = [
  [/[@4]/g, 'a'],
  [/3/g, 'e'],
  [/0/g, 'o'],
  [/[$5]/g, 's'],
  [/7/g, 't'],
];

/**
 * Why a password is among the first that are guessed, undefined when it is not: take away one common word however
 * often and with whatever digits for letters, sequences, walks over the keyboard, years and repeats, and too little
 * is left. Of two words and more, a phrase, nothing but the most common is held against it.
 */
export function passwordProblem(password: string): Said | undefined {
  const text = fold(password);
  const patterns = coveredByPatterns(text);
  if (enough(text, patterns)) {
    const spellings = spellingsOf(text);
    const found = COMMON_WORDS.filter((word) => spellings.some((spelling) => spelling.includes(word)));
    if (found.every((word) => enough(text, coveredBy(word, { spellings, patterns })))) return undefined;
  }
  return said('password-guessable', { count: UNGUESSED_MIN });
}

/** Why a password is too close to the address it goes with; undefined when it is not. */
export function passwordNamesItsUser(password: string, email: string): Said | undefined {
  const name = fold(email.split('@')[0] ?? '');
  if (name.length < NAME_MIN || !fold(password).includes(name)) return undefined;
  return said('password-names-user');
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The text as it is and with its digits read as the letters they stand for; positions stay the same. */
function spellingsOf(text: string): string[] {
  const letters = SUBSTITUTES.reduce((so, [from, to]) => so.replace(from, to), text);
  return [...new Set([text, letters.replace(/[1!]/g, 'i'), letters.replace(/[1!]/g, 'l')])];
}

/** The positions that are taken away. */
type Covered = ReadonlySet<number>;

function enough(text: string, covered: Covered): boolean {
  const left = new Set<string>();
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (!covered.has(at) && !/[\s._-]/.test(character)) left.add(character);
  }
  return left.size >= UNGUESSED_MIN;
}

function coveredBy(word: string, by: { spellings: readonly string[]; patterns: Covered }): Covered {
  const covered = new Set(by.patterns);
  for (const spelling of by.spellings) {
    for (let at = spelling.indexOf(word); at !== -1; at = spelling.indexOf(word, at + 1)) {
      cover(covered, at, word.length);
    }
  }
  return covered;
}

function cover(covered: Set<number>, at: number, length: number): void {
  for (let n = at; n < at + length; n += 1) covered.add(n);
}

function coveredByPatterns(text: string): Covered {
  const covered = new Set<number>();
  for (const { index, 0: year } of text.matchAll(/(?:19|20)\d\d/g)) cover(covered, index, year.length);
  for (let at = 0; at < text.length; at += 1) {
    const sequence = sequenceLength(text, at);
    if (sequence >= 3) cover(covered, at, sequence);
    if (WALKS.some((keys) => keys.includes(text.slice(at, at + 4)) && at + 4 <= text.length)) {
      cover(covered, at, 4);
    }
  }
  return covered;
}

/** Characters from there on that count up or down, as `abcd`, `4321` or `112233`. */
function sequenceLength(text: string, from: number): number {
  const stepAt = (at: number) => text.charCodeAt(at + 1) - text.charCodeAt(at);
  const step = stepAt(from);
  if (Math.abs(step) !== 1) return 1;
  let at = from;
  while (stepAt(at) === step || stepAt(at) === 0) at += 1;
  return at - from + 1;
}
