import { compileFilter, find } from '../compile-filter.ts';
import { formatDataPath } from '../data-path.ts';
import { writeExact } from '../exact-json.ts';
import type { Filter, FilterNode, FilterSubject } from '../filter.ts';

type Condition = Exclude<FilterNode, { kind: 'and' | 'or' | 'not' }>;

/** Values that are told of one path, and how much of each. */
const MAX_VALUES = 3;
const MAX_VALUE_CHARS = 40;
const MAX_CHARS = 1000;

/**
 * What each condition of a filter asks for, whether it holds, and what is there:
 * `data.price gte 1000000: no (900000)`. At most about 1,000 characters.
 */
export function describeFilter(filter: Filter, subject: FilterSubject): string {
  return cut(describe(filter.tree, subject), MAX_CHARS);
}

function describe(node: FilterNode, subject: FilterSubject): string {
  switch (node.kind) {
    case 'and':
    case 'or': {
      if (node.nodes.length === 0) return node.kind === 'and' ? 'no condition' : 'none of no conditions';
      const parts = node.nodes.map((one) => describe(one, subject));
      const joined = parts.join(node.kind === 'and' ? '; ' : ' or ');
      return node.kind === 'or' ? `(${joined})` : joined;
    }
    case 'not':
      return `not (${describe(node.node, subject)})`;
    default:
      return `${asked(node)}: ${compileFilter({ tree: node })(subject) ? 'yes' : 'no'} (${there(node, subject)})`;
  }
}

function asked(node: Condition): string {
  const path = formatDataPath(node.path);
  switch (node.kind) {
    case 'exists':
      return `${path} exists`;
    case 'in': {
      const [only, ...more] = node.values;
      return more.length === 0 ? `${path} is ${shown(only)}` : `${path} is one of ${listed(node.values)}`;
    }
    case 'prefix':
      return `${path} begins with ${shown(node.value)}`;
    case 'compare':
      return `${path} ${node.by} ${shown(node.value)}`;
  }
}

function there({ path }: Condition, subject: FilterSubject): string {
  const values = find(subject, path);
  if (values === undefined) return 'nothing there';
  if (values.scalars.length > 0) return listed(values.scalars);
  return values.hasMembers ? 'an object' : 'an empty array';
}

function listed(values: readonly unknown[]): string {
  const some = values.slice(0, MAX_VALUES).map(shown).join(', ');
  const more = values.length - MAX_VALUES;
  return more > 0 ? `${some} and ${more} more` : some;
}

function shown(value: unknown): string {
  return cut(writeExact(value), MAX_VALUE_CHARS);
}

/** Never through the middle of a pair. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…`;
}
