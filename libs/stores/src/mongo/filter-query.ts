import { type Filter, type FilterNode, filterTree } from '@anika/core/filter';
import type { Document } from 'mongodb';
import { encodeKey } from './encode-keys.ts';

/** The query that finds exactly the messages for which `compileFilter(filter)` is true. */
export function filterQuery(filter: Filter): Document {
  return nodeQuery(filterTree(filter));
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
      return { [fieldOf(node.path)]: { [`$${node.by}`]: node.value } };
    case 'in':
      return inQuery(node);
  }
}

/** MongoDB's `null` also means "missing"; only the type tells an explicit null. */
function inQuery({ path, values }: Extract<FilterNode, { kind: 'in' }>): Document {
  const field = fieldOf(path);
  const others = values.filter((value) => value !== null);
  const some = others.length === 1 ? { [field]: { $eq: others[0] } } : { [field]: { $in: others } };
  if (others.length === values.length) return some;
  const isNull = { [field]: { $type: 'null' } };
  return others.length === 0 ? isNull : { $or: [some, isNull] };
}

function fieldOf([root = '', ...names]: readonly string[]): string {
  return [root, ...names.map(encodeKey)].join('.');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/#\s-]/g, (character) =>
    /\s/.test(character) ? `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}` : `\\${character}`,
  );
}
