import { isJsonObject, parseExact, writeExact } from '@anika/core/exact-json';
import { prettyJson } from './pretty-json.ts';
import { visibleText } from './visible-text.ts';

export type JsonObject = Record<string, unknown>;

/** The object of a JSON text, every digit kept; null for an empty one, undefined for what is no JSON object. */
export function readJsonObject(text: string): JsonObject | null | undefined {
  if (text.trim() === '') return null;
  try {
    const value = parseExact(text);
    return isJsonObject(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** As it is written into a field: empty for null. */
export function writeJsonObject(value: Readonly<JsonObject> | null): string {
  return value === null ? '' : prettyJson(visibleText(writeExact(value)));
}
