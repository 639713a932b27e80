/**
 * Member names as MongoDB can store and search them. Its paths give a meaning to dots, to a leading dollar
 * and to names of digits (array positions), its driver to `_bsontype`; a percent sign marks what was written differently.
 */
export function encodeKey(name: string): string {
  const encoded = name
    .replaceAll('%', '%25')
    .replaceAll('.', '%2e')
    .replaceAll('\u0000', '%00')
    .replace(/^\$/, '%24')
    .replace(/^_bsontype$/, '%5fbsontype');
  return encoded === '' || /^\d+$/.test(encoded) ? `%_${encoded}` : encoded;
}

/** The same data with every member name encoded. `__proto__` is a name like any other. */
export function encodeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encodeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [encodeKey(name), encodeKeys(member)]),
  );
}
