import { scalarTexts } from './json-text.ts';

/** Distinct words of one message that the full-text search knows; the rest of a longer text is not found by words. */
export const WORDS_MAX = 1000;
export const QUERY_WORDS_MAX = 16;
/** Characters of a message that are looked at for words, as JSON and again once they are folded: one can become 18. */
export const WORDS_CHARS_MAX = 400_000;
const WORD_LENGTH_MAX = 64;

/** Of a text, folded at once. A run of letters that is longer than this is more than one word. */
const PIECE_CHARS = 1024;
/**
 * Marks on one letter that count (UAX #15, stream-safe text format); normalising orders a run of them, in a time that
 * grows with the square of its length. Two forms are letters, and marks once they are normalised.
 */
const MARKS_BEYOND = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu;
/** What no word holds and nothing before it is composed with. */
const GAP = /[\p{P}\p{Z}\s]/u;

/**
 * Text as the search compares it: compatibility forms folded (NFKC), lower case, `ё` as `е`, which Russian
 * writers use for one another.
 */
function fold(text: string): string {
  return text.replace(MARKS_BEYOND, '$1').normalize('NFKC').toLowerCase().replaceAll('ё', 'е');
}

/** Parts of a text, cut at gaps between words where there are any. */
function* piecesOf(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > PIECE_CHARS) {
    const end = endOfPiece(text, from);
    yield text.slice(from, end);
    from = end;
  }
  yield text.slice(from);
}

function endOfPiece(text: string, from: number): number {
  const end = from + PIECE_CHARS;
  for (let at = end; at > from; at -= 1) if (GAP.test(text[at] ?? '')) return at;
  const splitsPair = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
  return splitsPair ? end - 1 : end;
}

type Budget = { chars: number };

/** The words of a text: runs of letters, digits and their marks of any script. */
function* wordsIn(text: string, budget: Budget): Generator<string> {
  for (const piece of piecesOf(text)) {
    const folded = fold(piece);
    for (const word of folded.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
      yield word.length <= WORD_LENGTH_MAX ? word : [...word].slice(0, WORD_LENGTH_MAX).join('');
    }
    budget.chars -= folded.length;
    if (budget.chars <= 0) return;
  }
}

/**
 * The words of all texts and numbers in a JSON text, each once; numbers as they are written there. Names of members
 * are not searched.
 */
export function wordsOf(dataText: string): string[] {
  const words = new Set<string>();
  const budget = { chars: WORDS_CHARS_MAX };
  for (const text of scalarTexts(dataText, WORDS_CHARS_MAX)) {
    for (const word of wordsIn(text, budget)) {
      words.add(word);
      if (words.size === WORDS_MAX) return [...words];
    }
    if (budget.chars <= 0) break;
  }
  return [...words];
}

/** The words somebody searches for, at most `QUERY_WORDS_MAX`. */
export function queryWords(q: string): string[] {
  return [...new Set(wordsIn(q, { chars: WORDS_CHARS_MAX }))].slice(0, QUERY_WORDS_MAX);
}

/** Whether each searched word begins some word. */
export function matchesWords(words: readonly string[], searched: readonly string[]): boolean {
  return searched.every((start) => words.some((word) => word.startsWith(start)));
}
