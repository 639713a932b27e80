import { partsBySight } from '@anika/core/invisible';

/** Letters that are written from right to left: Hebrew, Arabic and what Unicode has set aside beside them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Whether a text, put beside others, may change the order in which they are read. */
export function turns(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** A character that nobody would see, as JSON may write it: `\u202e`. */
export function escapeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/**
 * Somebody else's text with what nobody would see, or what turns the rest around, as escapes. JSON stays the same JSON:
 * it has such characters only within its texts.
 */
export function visibleText(text: string): string {
  return partsBySight(text)
    .map((part) => (part.isSeen ? part.text : escapeOf(part.text)))
    .join('');
}
