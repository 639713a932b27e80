import { canonicalJson } from '@anika/core/canonical-json';
import { compareNumbers, ExactNumber, isJsonNumber, type JsonNumber, type Order } from '@anika/core/decimal';
import { isJsonObject, writeExact } from '@anika/core/exact-json';
import { type Said, said } from '@anika/core/field-rules';
import { FORMATS } from './schema-formats.ts';
import { isMultipleOf, isWhole } from './schema-numbers.ts';
import {
  type Check,
  type CompileKeyword,
  refuse,
  spend,
  spendText,
  spendValue,
  type Visit,
} from './schema-run.ts';

const SHOWN_CHARS = 200;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isJsonNumber(value)) return 'number';
  return typeof value;
}

function type(value: unknown): Check {
  const types = new Set([value].flat().map(String));
  return (visit) => {
    const is = typeOf(visit.value);
    if (types.has(is)) return true;
    if (is === 'number' && types.has('integer') && isWholeIn(visit, visit.value as JsonNumber)) return true;
    return refuse(visit, said('data-type', { types: [...types].join(' or ') }));
  };
}

function isWholeIn({ run }: Visit, number: JsonNumber): boolean {
  spendValue(run, number);
  return isWhole(number);
}

/** What is written in the schema is compared by value: numbers by their digits, objects whatever their order. */
function oneOfValues(values: readonly unknown[], message: Said): Check {
  const known = new Set(values.map(canonicalJson));
  return (visit) => {
    spendValue(visit.run, visit.value);
    return known.has(canonicalJson(visit.value)) || refuse(visit, message);
  };
}

function shown(values: readonly unknown[]): string {
  const text = values.map((value) => writeExact(value)).join(', ');
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

/** A check of numbers; of anything else it asks nothing. */
function numberCheck(fits: (number: JsonNumber) => boolean, message: string | Said): Check {
  return (visit) => {
    if (!isJsonNumber(visit.value)) return true;
    spendValue(visit.run, visit.value);
    return fits(visit.value) || refuse(visit, message);
  };
}

type Bound = 'data-minimum' | 'data-maximum' | 'data-above' | 'data-below';

function bound(rule: Bound, holds: (order: Order) => boolean): CompileKeyword {
  return (limit) => {
    const by = limit as JsonNumber;
    const text = by instanceof ExactNumber ? by.text : String(by);
    return numberCheck((number) => holds(compareNumbers(number, by)), said(rule, { limit: text }));
  };
}

function size<T>(
  words: (count: number) => string,
  isOne: (value: unknown) => value is T,
  fits: (value: T, count: number) => boolean,
): CompileKeyword {
  return (limit) => (visit) => {
    if (!isOne(visit.value)) return true;
    if (typeof visit.value === 'string') spendText(visit.run, visit.value);
    return fits(visit.value, Number(limit)) || refuse(visit, words(Number(limit)));
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Code points, as JSON Schema counts. */
function charactersOf(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i += 1) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) count -= 1;
  }
  return count;
}

function membersOf(value: Readonly<Record<string, unknown>>, { run }: Visit): number {
  const count = Object.keys(value).length;
  spend(run, count);
  return count;
}

function propertyCount(words: string, fits: (count: number, limit: number) => boolean): CompileKeyword {
  return (limit) => (visit) =>
    !isJsonObject(visit.value) ||
    fits(membersOf(visit.value, visit), Number(limit)) ||
    refuse(visit, `must have ${words} ${limit} members`);
}

function required(names: unknown): Check {
  const wanted = names as readonly string[];
  return (visit) => {
    const { value } = visit;
    if (!isJsonObject(value)) return true;
    spend(visit.run, wanted.length);
    const missing = wanted.filter((name) => !Object.hasOwn(value, name));
    for (const name of missing) {
      refuse({ ...visit, place: { above: visit.place, name } }, said('data-required'));
    }
    return missing.length === 0;
  };
}

function uniqueItems(wanted: unknown): Check | undefined {
  if (wanted !== true) return undefined;
  return (visit) => {
    if (!Array.isArray(visit.value)) return true;
    spendValue(visit.run, visit.value);
    const known = new Set(visit.value.map(canonicalJson));
    return known.size === visit.value.length || refuse(visit, 'must not hold the same item twice');
  };
}

function format(name: unknown): Check | undefined {
  const fits = FORMATS.get(String(name));
  if (fits === undefined) return undefined;
  return (visit) => {
    if (!isText(visit.value)) return true;
    spendText(visit.run, visit.value);
    return fits(visit.value) || refuse(visit, said('data-format', { format: String(name) }));
  };
}

/** Keywords that ask about the value itself. */
export const VALUE_KEYWORDS: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ['type', type],
  ['const', (value) => oneOfValues([value], said('data-const', { value: shown([value]) }))],
  [
    'enum',
    (values) => oneOfValues(values as unknown[], said('data-enum', { values: shown(values as unknown[]) })),
  ],
  ['minimum', bound('data-minimum', (order) => order >= 0)],
  ['maximum', bound('data-maximum', (order) => order <= 0)],
  ['exclusiveMinimum', bound('data-above', (order) => order > 0)],
  ['exclusiveMaximum', bound('data-below', (order) => order < 0)],
  [
    'multipleOf',
    (by) =>
      numberCheck((number) => isMultipleOf(number, by as JsonNumber), `must be a multiple of ${shown([by])}`),
  ],
  [
    'minLength',
    size(
      (n) => `must have at least ${n} characters`,
      isText,
      (text, n) => charactersOf(text) >= n,
    ),
  ],
  [
    'maxLength',
    size(
      (n) => `must have at most ${n} characters`,
      isText,
      (text, n) => charactersOf(text) <= n,
    ),
  ],
  [
    'minItems',
    size(
      (n) => `must have at least ${n} items`,
      Array.isArray,
      (items, n) => items.length >= n,
    ),
  ],
  [
    'maxItems',
    size(
      (n) => `must have at most ${n} items`,
      Array.isArray,
      (items, n) => items.length <= n,
    ),
  ],
  ['minProperties', propertyCount('at least', (count, limit) => count >= limit)],
  ['maxProperties', propertyCount('at most', (count, limit) => count <= limit)],
  ['required', required],
  ['uniqueItems', uniqueItems],
  ['format', format],
]);
