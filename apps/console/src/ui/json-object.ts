export type JsonObject = Record<string, unknown>;

/** The object of a JSON text; null for an empty one, undefined for what is no JSON object. */
export function readJsonObject(text: string): JsonObject | null | undefined {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** As it is written into a field: empty for null. */
export function writeJsonObject(value: Readonly<JsonObject> | null): string {
  return value === null ? '' : JSON.stringify(value, undefined, 2);
}
