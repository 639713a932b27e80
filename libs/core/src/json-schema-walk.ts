import { parseExact } from './exact-json.ts';
/** A JSON Schema as it was given, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function isSchemaObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas in a keyword's value, be it one or an array of them. */
export function schemasIn(value: unknown): JsonSchema[] {
  return (Array.isArray(value) ? value : [value]).filter(isSchemaObject);
}

/** What a reference within the same document leads to (RFC 6901); undefined: nothing, or somewhere else. */
export function resolveRef(root: JsonSchema, ref: unknown): JsonSchema | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return isSchemaObject(at) ? at : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The schema of a topic from its text, its numbers with all their digits. */
export function readSchema(text: string | undefined): JsonSchema | undefined {
  const schema = text === undefined ? undefined : parseExact(text);
  return isSchemaObject(schema) ? schema : undefined;
}
