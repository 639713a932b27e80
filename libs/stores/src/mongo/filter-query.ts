import {
  compareNumbers,
  decimalOf,
  doubleOf,
  ExactNumber,
  isJsonNumber,
  type JsonNumber,
  sortableText,
} from '@anika/core/decimal';
import type { Comparison, Filter, FilterNode, Scalar } from '@anika/core/filter';
import type { Document } from 'mongodb';
import { EXACT_KEY, encodeKey } from './encode-data.ts';

/** The query that finds exactly the messages for which `compileFilter(filter)` is true. */
export function filterQuery(filter: Filter): Document {
  return nodeQuery(filter.tree);
}

function nodeQuery(node: FilterNode): Document {
  switch (node.kind) {
    case 'and':
      return node.nodes.length === 0 ? {} : { $and: node.nodes.map(nodeQuery) };
    case 'or':
      return { $or: node.nodes.map(nodeQuery) };
    case 'not':
      return { $nor: [nodeQuery(node.node)] };
    case 'exists':
      return { [fieldOf(node.path)]: { $exists: true } };
    case 'prefix':
      return { [fieldOf(node.path)]: { $regex: `^${escapeRegex(node.value)}` } };
    case 'compare':
      return compareQuery(node);
    case 'in':
      return inQuery(node);
  }
}

function compareQuery({ path, by, value }: Extract<FilterNode, { kind: 'compare' }>): Document {
  const field = fieldOf(path);
  if (!isJsonNumber(value)) return { [field]: { [`$${by}`]: value } };
  return {
    $or: [
      { [field]: { [`$${doubleComparison(by, value)}`]: doubleOf(value) } },
      { [exactFieldOf(path)]: { [`$${by}`]: sortableText(decimalOf(value)) } },
    ],
  };
}

/** How doubles compare with the bound's double when they compare so with the bound itself. */
function doubleComparison(by: Comparison, bound: JsonNumber): Comparison {
  if (typeof bound === 'number') return by;
  const isUpwards = by === 'gt' || by === 'gte';
  // Infinite: there is no such number, and nothing is equal to it.
  const isDoubleAbove = Number.isFinite(bound.double) && compareNumbers(bound.double, bound) > 0;
  if (isUpwards) return isDoubleAbove ? 'gte' : 'gt';
  return isDoubleAbove ? 'lt' : 'lte';
}

/** MongoDB's `null` also means "missing"; only the type tells an explicit null. */
function inQuery({ path, values }: Extract<FilterNode, { kind: 'in' }>): Document {
  const field = fieldOf(path);
  const exact = values.filter((value) => value instanceof ExactNumber);
  const others = values.filter((value) => value !== null && !(value instanceof ExactNumber));
  const alternatives = [
    ...oneOf(field, others),
    ...oneOf(
      exactFieldOf(path),
      exact.map(({ decimal }) => sortableText(decimal)),
    ),
    ...(values.includes(null) ? [{ [field]: { $type: 'null' } }] : []),
  ];
  const [only] = alternatives;
  return alternatives.length === 1 && only !== undefined ? only : { $or: alternatives };
}

function oneOf(field: string, values: readonly Scalar[]): Document[] {
  if (values.length === 0) return [];
  return [{ [field]: values.length === 1 ? { $eq: values[0] } : { $in: values } }];
}

function fieldOf([root = '', ...names]: readonly string[]): string {
  return [root, ...names.map(encodeKey)].join('.');
}

/** Where a number stands at that path that no double holds. */
function exactFieldOf(path: readonly string[]): string {
  return `${fieldOf(path)}.${EXACT_KEY}`;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/#\s-]/g, (character) =>
    /\s/.test(character) ? `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}` : `\\${character}`,
  );
}
