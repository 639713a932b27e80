import { isStorable, NOT_STORABLE } from '@anika/contracts/common';
import { formatDataPath } from '@anika/core/data-path';
import { isJsonObject, parseExact } from '@anika/core/exact-json';
import { type Failure, invalid } from '@anika/core/failures';
import { type Said, said } from '@anika/core/field-rules';
import { expandedSize, namedBy } from './schema-cost.ts';
import { type Dialect, dialectOf, keywordOf, type SchemaObject, schemasBelow } from './schema-keywords.ts';

const MAX_SCHEMA_BYTES = 32 * 1024;
/** Of a schema with its references followed: what data are checked against, and how deep the checks go. */
const MAX_EXPANDED = 2000;
const MAX_DEPTH = 64;

/**
 * The schema of a text that messages can be checked with. Keywords are those of a list: what is none may mean something
 * to whoever checks, today or later. Names of members and values are no keywords, whatever they are called.
 * @throws Failure `validation-failed`, naming the place
 */
export function parseSchema(text: string): SchemaObject {
  if (Buffer.byteLength(text) > MAX_SCHEMA_BYTES) {
    throw invalid('schema', said('schema-size', { count: MAX_SCHEMA_BYTES }));
  }
  const root = parseExact(text);
  if (!isJsonObject(root)) throw invalid('schema', 'must be a JSON object');
  const misplaced = unusableName(root, ['schema']);
  if (misplaced !== undefined) throw misplaced;
  const dialect = dialectOf(root);
  checkKeywords(root, dialect);
  const { schemas, depth } = expandedSize(root, dialect);
  if (schemas > MAX_EXPANDED || depth > MAX_DEPTH) {
    throw invalid('schema', said('schema-expanded', { parts: MAX_EXPANDED, levels: MAX_DEPTH }));
  }
  return root;
}

type Found = { readonly path: readonly string[]; readonly schema: SchemaObject };

function checkKeywords(root: SchemaObject, dialect: Dialect): void {
  const all: Found[] = [{ path: [], schema: root }];
  // It grows while it is read: each schema adds those right below it.
  for (const { path, schema } of all) {
    for (const [name, value] of Object.entries(schema))
      checkKeyword({ path: [...path, name], value, dialect });
    for (const one of schemasBelow(schema, dialect)) {
      if (isJsonObject(one.schema)) all.push({ path: [...path, ...one.path], schema: one.schema });
    }
  }
  const known = new Set<unknown>(all.map(({ schema }) => schema));
  for (const { path, schema } of all) {
    if (typeof schema.$ref !== 'string') continue;
    const named = namedBy(schema.$ref, root);
    if (typeof named !== 'boolean' && !known.has(named)) throw at([...path, '$ref'], said('schema-ref'));
  }
}

type Used = { readonly path: readonly string[]; readonly value: unknown; readonly dialect: Dialect };

function checkKeyword({ path, value, dialect }: Used): void {
  const name = path.at(-1) ?? '';
  const keyword = keywordOf(name, value, dialect);
  if (keyword === undefined) throw at(path, said('schema-keyword', { dialect }));
  if (!keyword.is(value)) throw at(path, `must be ${keyword.expected}`);
  // References would count from there.
  if (name === '$id' && path.length > 1) throw at(path, 'must not be used below the root of the schema');
}

function at(path: readonly string[], what: string | Said): Failure {
  return invalid(formatDataPath(['schema', ...path]), what);
}

/** A name or text that no store takes, or that parsers drop: what is left would mean something else. */
function unusableName(value: unknown, path: readonly string[]): Failure | undefined {
  if (typeof value === 'string' && !isStorable(value)) return invalid(formatDataPath(path), NOT_STORABLE);
  if (Array.isArray(value))
    return firstOf(value.entries(), ([index, item]) => unusableName(item, [...path, String(index)]));
  if (!isJsonObject(value)) return undefined;
  return firstOf(Object.entries(value), ([name, member]) => {
    if (name === '__proto__')
      return invalid(formatDataPath([...path, name]), 'is a name that cannot be used');
    if (!isStorable(name)) return invalid(formatDataPath(path), NOT_STORABLE);
    return unusableName(member, [...path, name]);
  });
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
