import { elementTexts, memberTexts, skipSpace } from '@anika/core/json-text';

/**
 * JSON text on lines of its own, with the digits, the order and the spelling that it came with: nothing of it is
 * parsed into numbers.
 */
export function prettyJson(text: string, indent = ''): string {
  const trimmed = text.trim();
  const inner = `${indent}  `;
  if (trimmed.startsWith('{')) {
    const members = memberTexts(trimmed).map(
      ({ nameText, valueText }) => `${inner}${nameText}: ${prettyJson(valueText, inner)}`,
    );
    return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
  }
  if (trimmed.startsWith('[')) {
    const items = elementTexts(trimmed).map((item) => `${inner}${prettyJson(item, inner)}`);
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
  }
  return trimmed;
}

export type JsonKind = 'object' | 'array' | 'text' | 'number' | 'word';

export function kindOf(text: string): JsonKind {
  const first = text[skipSpace(text, 0)];
  if (first === '{') return 'object';
  if (first === '[') return 'array';
  if (first === '"') return 'text';
  return first === '-' || (first !== undefined && first >= '0' && first <= '9') ? 'number' : 'word';
}
