import { ownMember } from './data-path.ts';
import { type Comparison, type Filter, type FilterNode, type FilterSubject, filterTree } from './filter.ts';

/**
 * The filter as a function. Its semantics are MongoDB's: a path leads through the objects of an array, a
 * comparison holds when any item does, only values of the same type compare, texts compare by code point.
 * Unlike there, `null` only equals an explicit null, and a name of digits is a name, never an index.
 */
export function compileFilter(filter: Filter): (subject: FilterSubject) => boolean {
  const test = compileNode(filterTree(filter));
  return test;
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
      return (subject) => valuesAt(subject, node.path).length > 0;
    case 'in': {
      const values = new Set<unknown>(node.values);
      return (subject) => candidates(subject, node.path).some((value) => values.has(value));
    }
    case 'prefix':
      return (subject) =>
        candidates(subject, node.path).some(
          (value) => typeof value === 'string' && value.startsWith(node.value),
        );
    case 'compare':
      return (subject) => candidates(subject, node.path).some((value) => holds(value, node.by, node.value));
  }
}

function holds(value: unknown, by: Comparison, bound: string | number): boolean {
  if (typeof value !== typeof bound) return false;
  const order =
    typeof value === 'number'
      ? value - (bound as number)
      : compareCodePoints(value as string, bound as string);
  if (by === 'gt') return order > 0;
  if (by === 'gte') return order >= 0;
  return by === 'lt' ? order < 0 : order <= 0;
}

/** JavaScript orders texts by UTF-16 units; MongoDB by UTF-8 bytes, which is the order of code points. */
function compareCodePoints(a: string, b: string): number {
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

function valuesAt(subject: FilterSubject, path: readonly string[]): unknown[] {
  const [root, ...names] = path;
  if (root === 'type') return [subject.type];
  if (root === 'key') return subject.key === undefined ? [] : [subject.key];
  let values: unknown[] = [subject.data];
  for (const name of names) {
    values = values.flatMap((value) => {
      const owners: unknown[] = Array.isArray(value) ? value : [value];
      return owners.map((owner) => ownMember(owner, name)).filter((member) => member !== undefined);
    });
  }
  return values;
}

function candidates(subject: FilterSubject, path: readonly string[]): unknown[] {
  return valuesAt(subject, path).flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]));
}
