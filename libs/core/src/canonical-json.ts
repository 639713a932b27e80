import { ExactNumber, sortableText } from './decimal.ts';

/**
 * One text for all spellings of a JSON value, after RFC 8785: no white space, members in the order of their names. But
 * numbers are told apart by their decimal value, beyond what a double holds. `value` comes from `parseExact`; the text
 * is there to be compared, not to be parsed.
 */
export function canonicalJson(value: unknown): string {
  // The text of a double is one for each value, and no exact number has the value of a double.
  if (value instanceof ExactNumber) return `=${sortableText(value.decimal)}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
