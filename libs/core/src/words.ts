/** Distinct words of one message that the full-text search knows; the rest of a longer text is not found by words. */
export const WORDS_MAX = 1000;
export const QUERY_WORDS_MAX = 16;
const WORD_LENGTH_MAX = 64;

/**
 * Text as the search compares it: compatibility forms folded (NFKC), lower case, `ё` as `е`, which Russian
 * writers use for one another.
 */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е');
}

/** The words of a text: runs of letters, digits and their marks of any script. */
function splitWords(text: string): string[] {
  return (fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map((word) =>
    word.length <= WORD_LENGTH_MAX ? word : [...word].slice(0, WORD_LENGTH_MAX).join(''),
  );
}

/** The words of all texts and numbers in parsed JSON, each once. Names of members are not searched. */
export function wordsOf(data: unknown): string[] {
  const words = new Set<string>();
  collect(data, words);
  return [...words];
}

function collect(value: unknown, words: Set<string>): void {
  if (words.size >= WORDS_MAX) return;
  if (typeof value === 'string' || typeof value === 'number') {
    for (const word of splitWords(String(value))) {
      if (words.size < WORDS_MAX) words.add(word);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) collect(member, words);
}

/** The words somebody searches for, at most `QUERY_WORDS_MAX`. */
export function queryWords(q: string): string[] {
  return [...new Set(splitWords(q))].slice(0, QUERY_WORDS_MAX);
}

/** Whether each searched word begins some word. */
export function matchesWords(words: readonly string[], searched: readonly string[]): boolean {
  return searched.every((start) => words.some((word) => word.startsWith(start)));
}
