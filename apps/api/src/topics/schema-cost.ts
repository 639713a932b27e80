type Schema = Readonly<Record<string, unknown>>;

const SCALARS = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'null']);

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

/**
 * How many objects and arrays a schema has once each `$ref` (`#` and a JSON pointer) is replaced by what it names:
 * a few references to references make 2^n of them. Infinity when they lead in a circle.
 */
export function expandedSize(root: Schema): number {
  const sizes = new Map<Schema, number>();
  const above = new Set<Schema>();

  function sizeOf(value: unknown): number {
    if (!isObject(value)) return 0;
    if (above.has(value)) return Number.POSITIVE_INFINITY;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    above.add(value);
    let size = 1;
    for (const [name, member] of Object.entries(value)) {
      size += sizeOf(name === '$ref' && typeof member === 'string' ? namedBy(member, root) : member);
    }
    above.delete(value);
    sizes.set(value, size);
    return size;
  }

  return sizeOf(root);
}

/** RFC 6901 §6; undefined when it names nothing, which the compiler of schemas refuses. */
function namedBy(ref: string, root: Schema): unknown {
  let at: unknown = root;
  for (const part of ref.split('/').slice(1)) {
    const name = unescaped(part);
    if (name === undefined || !isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
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

/** Whether it compares all items of an array with each other: only scalars are looked up instead. */
export function comparesAllItems(schema: Schema): boolean {
  if (!('uniqueItems' in schema) || schema.uniqueItems === false) return false;
  const { items } = schema;
  const types = isObject(items) && !Array.isArray(items) ? [items.type].flat() : [];
  return types.length === 0 || !types.every((type) => SCALARS.has(type));
}
