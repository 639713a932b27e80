import { parseDataPath } from './data-path.ts';
import { ExactNumber, type JsonNumber } from './decimal.ts';
import { isJsonObject, parseExact, writeExact } from './exact-json.ts';
import type { FieldError } from './failures.ts';
import { type Said, said } from './field-rules.ts';
import { compactText } from './json-text.ts';

/**
 * A filter that was found valid: a JSON object of paths into the message (`type`, `key`, `data.a.b`) to a
 * value (equality) or operators, with `and`, `or`, `not`.
 */
export type Filter = {
  /** As it was written, but for white space between its parts: so it is kept and shown. */
  readonly text: string;
  readonly tree: FilterNode;
};

/** The part of a message that filters look at. */
export type FilterSubject = {
  readonly type: string;
  readonly key: string | undefined;
  readonly data: unknown;
};

export type Scalar = string | JsonNumber | boolean | null;
export type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

/** A filter as a tree, for those who compile it. A path has at least one name: the first is type, key or data. */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly node: FilterNode }
  | { readonly kind: 'in'; readonly path: readonly string[]; readonly values: readonly Scalar[] }
  | {
      readonly kind: 'compare';
      readonly path: readonly string[];
      readonly by: Comparison;
      readonly value: string | JsonNumber;
    }
  | { readonly kind: 'exists'; readonly path: readonly string[] }
  | { readonly kind: 'prefix'; readonly path: readonly string[]; readonly value: string };

export const FILTER_MAX_NODES = 64;
export const FILTER_MAX_DEPTH = 8;
const MAX_STRING = 1024;
const MAX_IN = 100;
const MAX_PATH_NAMES = 32;
/** A number of a message may have any exponent: all beyond this one are still larger, or smaller, than a filter's. */
const MAX_EXPONENT = 1_000_000;

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

class FilterError extends Error {
  readonly path: string;
  readonly said: Said;
  constructor(path: string, said: Said) {
    super(said.message);
    this.path = path;
    this.said = said;
  }
}

/** Checks a filter. Paths in the errors are relative to the filter. */
export function parseFilter(value: unknown): ParsedFilter {
  try {
    const tree = readObject(value, { at: '', depth: 1, budget: { nodes: 0 } });
    return { ok: true, filter: { text: writeExact(value), tree } };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { ok: false, errors: [{ path: error.path, ...error.said }] };
  }
}

/** The same of its JSON text, which must be one that JSON.parse accepts; the digits of its numbers are kept. */
export function parseFilterText(text: string): ParsedFilter {
  const parsed = parseFilter(parseExact(text));
  return parsed.ok ? { ok: true, filter: { ...parsed.filter, text: compactText(text) } } : parsed;
}

type Place = { readonly at: string; readonly depth: number; readonly budget: { nodes: number } };

function inside(place: Place, name: string | number): Place {
  return { ...place, at: place.at === '' ? String(name) : `${place.at}.${name}` };
}

function deeper(place: Place): Place {
  if (place.depth >= FILTER_MAX_DEPTH) {
    throw new FilterError(place.at, said('filter-depth', { count: FILTER_MAX_DEPTH }));
  }
  return { ...place, depth: place.depth + 1 };
}

function spend(place: Place): void {
  place.budget.nodes += 1;
  if (place.budget.nodes > FILTER_MAX_NODES) {
    throw new FilterError(place.at, said('filter-size', { count: FILTER_MAX_NODES }));
  }
}

function readObject(value: unknown, place: Place): FilterNode {
  if (!isJsonObject(value)) throw new FilterError(place.at, said('filter-object'));
  const nodes = Object.entries(value).map(([name, condition]) =>
    readMember(name, condition, inside(place, name)),
  );
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: 'and', nodes };
}

function readMember(name: string, value: unknown, place: Place): FilterNode {
  if (name === 'and' || name === 'or') return readList(name, value, place);
  if (name === 'not') {
    spend(place);
    return { kind: 'not', node: readObject(value, deeper(place)) };
  }
  return readCondition(readPath(name, place), value, place);
}

function readList(kind: 'and' | 'or', value: unknown, place: Place): FilterNode {
  if (!Array.isArray(value) || value.length === 0) {
    throw new FilterError(place.at, said('filter-list'));
  }
  spend(place);
  const below = deeper(place);
  return { kind, nodes: value.map((one, index) => readObject(one, inside(below, index))) };
}

function readPath(text: string, place: Place): readonly string[] {
  const names = parseDataPath(text)?.map((segment) => segment.name);
  const [root, ...rest] = names ?? [];
  const known = root === 'data' || ((root === 'type' || root === 'key') && rest.length === 0);
  if (names === undefined || !known) {
    throw new FilterError(place.at, said('filter-path'));
  }
  if (names.length > MAX_PATH_NAMES) throw new FilterError(place.at, said('filter-path-depth'));
  checkString(text, place);
  return names;
}

function readCondition(path: readonly string[], value: unknown, place: Place): FilterNode {
  if (!isJsonObject(value)) {
    spend(place);
    return { kind: 'in', path, values: [readScalar(value, place)] };
  }
  const operators = Object.entries(value);
  if (operators.length === 0) throw new FilterError(place.at, said('filter-no-operator'));
  const nodes = operators.map(([operator, operand]) => {
    const at = inside(place, operator);
    spend(at);
    return readOperator(operator, operand, { path, place: at });
  });
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: 'and', nodes };
}

type Target = { readonly path: readonly string[]; readonly place: Place };

function readOperator(operator: string, operand: unknown, { path, place }: Target): FilterNode {
  switch (operator) {
    case 'eq':
      return { kind: 'in', path, values: [readScalar(operand, place)] };
    case 'ne':
      return { kind: 'not', node: { kind: 'in', path, values: [readScalar(operand, place)] } };
    case 'in':
      return { kind: 'in', path, values: readScalars(operand, place) };
    case 'nin':
      return { kind: 'not', node: { kind: 'in', path, values: readScalars(operand, place) } };
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { kind: 'compare', path, by: operator, value: readComparable(operand, place) };
    case 'exists':
      return readExists(path, operand, place);
    case 'prefix':
      return { kind: 'prefix', path, value: readPrefix(operand, place) };
    default:
      throw new FilterError(place.at, said('filter-operator'));
  }
}

function readExists(path: readonly string[], operand: unknown, place: Place): FilterNode {
  if (typeof operand !== 'boolean') throw new FilterError(place.at, said('filter-exists'));
  const exists: FilterNode = { kind: 'exists', path };
  return operand ? exists : { kind: 'not', node: exists };
}

function readScalars(value: unknown, place: Place): readonly Scalar[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_IN) {
    throw new FilterError(place.at, said('filter-values', { count: MAX_IN }));
  }
  return value.map((one, index) => readScalar(one, inside(place, index)));
}

function readScalar(value: unknown, place: Place): Scalar {
  if (value === null || typeof value === 'boolean') return value;
  return readComparable(value, place);
}

function readComparable(value: unknown, place: Place): string | JsonNumber {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof ExactNumber) return checkNumber(value, place);
  if (typeof value === 'string') return checkString(value, place);
  throw new FilterError(place.at, said('filter-value'));
}

function checkNumber(value: ExactNumber, place: Place): ExactNumber {
  if (value.text.length > MAX_STRING)
    throw new FilterError(place.at, said('filter-digits', { count: MAX_STRING }));
  if (Math.abs(value.decimal.exponent) > MAX_EXPONENT) {
    throw new FilterError(place.at, said('filter-exponent', { count: MAX_EXPONENT }));
  }
  return value;
}

function readPrefix(value: unknown, place: Place): string {
  if (typeof value !== 'string' || value === '') throw new FilterError(place.at, said('filter-prefix'));
  return checkString(value, place);
}

function checkString(value: string, place: Place): string {
  if (value.length > MAX_STRING) throw new FilterError(place.at, said('filter-text', { count: MAX_STRING }));
  // A lone surrogate cannot be stored, and NUL ends a pattern in MongoDB: neither could be found.
  if (/\p{Surrogate}/u.test(value) || value.includes('\u0000')) {
    throw new FilterError(place.at, said('filter-character'));
  }
  return value;
}
