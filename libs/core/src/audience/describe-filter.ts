import { compileFilter, find } from '../compile-filter.ts';
import { formatDataPath } from '../data-path.ts';
import { writeExact } from '../exact-json.ts';
import type { Comparison, Filter, FilterNode, FilterSubject } from '../filter.ts';

type Condition = Exclude<FilterNode, { kind: 'and' | 'or' | 'not' }>;

/** Values that are told of one path, and how much of each. */
const MAX_VALUES = 3;
const MAX_VALUE_CHARS = 40;
const MAX_CHARS = 1000;
const MAX_PATH_CHARS = 200;
/** Lines that are told of one filter. */
export const FILTER_LINES_MAX = 20;

/** Values as JSON text, the first few of them. */
export type SomeValues = { readonly values: readonly string[]; readonly more: number };

export type ConditionFinding = {
  readonly path: string;
  readonly operator: 'eq' | 'in' | 'exists' | 'prefix' | Comparison;
  /** What is asked for; empty where the operator asks for none. */
  readonly asked: SomeValues;
  readonly held: boolean;
  /** What is at the path. */
  readonly found: 'nothing' | 'values' | 'object' | 'empty-array';
  readonly there: SomeValues;
};

/** What a filter asks for, whether each part of it holds, and what is there. */
export type FilterFinding =
  | { readonly join: 'and' | 'or' | 'not'; readonly held: boolean; readonly parts: readonly FilterFinding[] }
  | ({ readonly join?: undefined } & ConditionFinding);

const NO_VALUES: SomeValues = { values: [], more: 0 };

export function describeFilter({ tree }: Filter, subject: FilterSubject): FilterFinding {
  return describe(tree, subject);
}

function describe(node: FilterNode, subject: FilterSubject): FilterFinding {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts = node.nodes.map((one) => describe(one, subject));
      const held = node.kind === 'and' ? parts.every(isHeld) : parts.some(isHeld);
      return { join: node.kind, held, parts };
    }
    case 'not': {
      const part = describe(node.node, subject);
      return { join: 'not', held: !part.held, parts: [part] };
    }
    default:
      return conditionFinding(node, subject);
  }
}

const isHeld = ({ held }: FilterFinding) => held;

function conditionFinding(node: Condition, subject: FilterSubject): FilterFinding {
  return {
    path: cut(formatDataPath(node.path), MAX_PATH_CHARS),
    ...asked(node),
    held: compileFilter({ tree: node })(subject),
    ...there(node, subject),
  };
}

function asked(node: Condition): Pick<ConditionFinding, 'operator' | 'asked'> {
  switch (node.kind) {
    case 'exists':
      return { operator: 'exists', asked: NO_VALUES };
    case 'in':
      return { operator: node.values.length === 1 ? 'eq' : 'in', asked: some(node.values) };
    case 'prefix':
      return { operator: 'prefix', asked: some([node.value]) };
    case 'compare':
      return { operator: node.by, asked: some([node.value]) };
  }
}

function there({ path }: Condition, subject: FilterSubject): Pick<ConditionFinding, 'found' | 'there'> {
  const values = find(subject, path);
  if (values === undefined) return { found: 'nothing', there: NO_VALUES };
  if (values.scalars.length > 0) return { found: 'values', there: some(values.scalars) };
  return { found: values.hasMembers ? 'object' : 'empty-array', there: NO_VALUES };
}

function some(values: readonly unknown[]): SomeValues {
  return {
    values: values.slice(0, MAX_VALUES).map((value) => cut(writeExact(value), MAX_VALUE_CHARS)),
    more: Math.max(values.length - MAX_VALUES, 0),
  };
}

export type FilterLine =
  | { readonly level: number; readonly join: 'and' | 'or' | 'not'; readonly held: boolean }
  | ({ readonly level: number; readonly join?: undefined } & ConditionFinding);

/** A finding as lines, each below the one it belongs to by its level; the first of them. */
export function filterLines(finding: FilterFinding): readonly FilterLine[] {
  return linesOf(finding, 0).slice(0, FILTER_LINES_MAX);
}

function linesOf(finding: FilterFinding, level: number): readonly FilterLine[] {
  if (finding.join === undefined) return [{ level, ...finding }];
  const { join, held, parts } = finding;
  return [{ level, join, held }, ...parts.flatMap((part) => linesOf(part, level + 1))];
}

/** `data.price gte 1000000: no (900000)`, for each condition. At most about 1,000 characters. */
export function findingText(finding: FilterFinding): string {
  return cut(textOf(finding), MAX_CHARS);
}

function textOf(finding: FilterFinding): string {
  if (finding.join === undefined) {
    return `${askedText(finding)}: ${finding.held ? 'yes' : 'no'} (${thereText(finding)})`;
  }
  const { join, parts } = finding;
  if (parts.length === 0) return join === 'and' ? 'no condition' : 'none of no conditions';
  const joined = parts.map(textOf).join(join === 'and' ? '; ' : ' or ');
  if (join === 'not') return `not (${joined})`;
  return join === 'or' ? `(${joined})` : joined;
}

const OPERATORS: Readonly<Partial<Record<ConditionFinding['operator'], string>>> = {
  eq: 'is',
  in: 'is one of',
  exists: 'exists',
  prefix: 'begins with',
};

function askedText({ path, operator, asked: values }: ConditionFinding): string {
  return [path, OPERATORS[operator] ?? operator, listed(values)].filter((part) => part !== '').join(' ');
}

const FOUND = { nothing: 'nothing there', object: 'an object', 'empty-array': 'an empty array' } as const;

function thereText({ found, there: values }: ConditionFinding): string {
  return found === 'values' ? listed(values) : FOUND[found];
}

function listed({ values, more }: SomeValues): string {
  return values.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Never through the middle of a pair. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…`;
}
