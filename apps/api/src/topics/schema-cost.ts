import { isJsonObject } from '@anika/core/exact-json';
import { type Dialect, type SchemaObject, schemasBelow } from './schema-keywords.ts';

export type ExpandedSize = { readonly schemas: number; readonly depth: number };
const ENDLESS: ExpandedSize = { schemas: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY };

/**
 * How many schemas a schema has once each `$ref` is replaced by what it names, and how deep they lie: a few references
 * to references make 2^n of them. Infinity when they lead in a circle.
 */
export function expandedSize(root: SchemaObject, dialect: Dialect): ExpandedSize {
  const sizes = new Map<SchemaObject, ExpandedSize>();
  const above = new Set<SchemaObject>();

  function sizeOf(schema: unknown): ExpandedSize {
    if (!isJsonObject(schema)) return { schemas: 1, depth: 1 };
    if (above.has(schema)) return ENDLESS;
    const known = sizes.get(schema);
    if (known !== undefined) return known;
    above.add(schema);
    const size = { schemas: 1, depth: 1 };
    for (const one of below(schema)) {
      const { schemas, depth } = sizeOf(one);
      size.schemas += schemas;
      size.depth = Math.max(size.depth, depth + 1);
    }
    above.delete(schema);
    sizes.set(schema, size);
    return size;
  }

  function* below(schema: SchemaObject): Generator<unknown> {
    for (const { schema: one } of schemasBelow(schema, dialect)) yield one;
    if (typeof schema.$ref === 'string') yield namedBy(schema.$ref, root);
  }

  return sizeOf(root);
}

/** What a reference (`#` and a JSON pointer, RFC 6901 §6) names; undefined when that is nothing. */
export function namedBy(ref: string, root: SchemaObject): unknown {
  const [first, ...parts] = ref.split('/');
  if (first !== '#') return undefined;
  let at: unknown = root;
  for (const part of parts) {
    const name = unescaped(part);
    if (name === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, name))
      return undefined;
    at = (at as SchemaObject)[name];
  }
  return at;
}

function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
