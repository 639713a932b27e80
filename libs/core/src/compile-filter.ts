import { compareNumbers, isJsonNumber, type JsonNumber } from './decimal.ts';
import type { Comparison, Filter, FilterNode, FilterSubject } from './filter.ts';
import { scalarKey, type Values, valuesAt, valuesOf } from './message-values.ts';

/**
 * The filter as a function. Its semantics are MongoDB's: a path leads through the objects of an array, a
 * comparison holds when any item does, only values of the same type compare, texts compare by code point.
 * Unlike there, `null` only equals an explicit null, a name of digits is a name, never an index, numbers compare by
 * their decimal value, and of the values at one path the first 1,000 count.
 */
export function compileFilter(filter: Pick<Filter, 'tree'>): (subject: FilterSubject) => boolean {
  return compileNode(filter.tree);
}

type Test = (subject: FilterSubject) => boolean;

function compileNode(node: FilterNode): Test {
  switch (node.kind) {
    case 'and': {
      const tests = node.nodes.map(compileNode);
      return (subject) => tests.every((test) => test(subject));
    }
    case 'or': {
      const tests = node.nodes.map(compileNode);
      return (subject) => tests.some((test) => test(subject));
    }
    case 'not': {
      const test = compileNode(node.node);
      return (subject) => !test(subject);
    }
    case 'exists':
      return (subject) => find(subject, node.path) !== undefined;
    case 'in': {
      const keys = node.values.map(scalarKey);
      return (subject) => {
        const found = find(subject, node.path);
        return found !== undefined && keys.some((key) => found.keys.has(key));
      };
    }
    case 'prefix':
      return (subject) =>
        scalarsAt(subject, node.path).some(
          (value) => typeof value === 'string' && value.startsWith(node.value),
        );
    case 'compare':
      return (subject) => scalarsAt(subject, node.path).some((value) => holds(value, node.by, node.value));
  }
}

function holds(value: unknown, by: Comparison, bound: string | JsonNumber): boolean {
  const order = orderOf(value, bound);
  if (order === undefined) return false;
  if (by === 'gt') return order > 0;
  if (by === 'gte') return order >= 0;
  return by === 'lt' ? order < 0 : order <= 0;
}

/** Undefined: they are not of one type. */
function orderOf(value: unknown, bound: string | JsonNumber): number | undefined {
  if (typeof bound === 'string')
    return typeof value === 'string' ? compareCodePoints(value, bound) : undefined;
  return isJsonNumber(value) ? compareNumbers(value, bound) : undefined;
}

/** JavaScript orders texts by UTF-16 units; MongoDB by UTF-8 bytes, which is the order of code points. */
function compareCodePoints(a: string, b: string): number {
  // Below the surrogates both orders are one; what holds none is compared as fast as texts are.
  if (!/[\ud800-\uffff]/.test(b)) return a === b ? 0 : a < b ? -1 : 1;
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  if (i === a.length || i === b.length) return a.length - b.length;
  // In the middle of a pair: both share its first half, which decides nothing.
  return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** What a condition on this path looks at; undefined: there is nothing. */
export function find(subject: FilterSubject, [root, ...names]: readonly string[]): Values | undefined {
  if (root === 'data') return valuesAt(valuesOf(subject.data), names);
  const value = root === 'type' ? subject.type : subject.key;
  return value === undefined ? undefined : valuesOf(value);
}

function scalarsAt(subject: FilterSubject, path: readonly string[]) {
  return find(subject, path)?.scalars ?? [];
}
