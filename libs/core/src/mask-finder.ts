import { isJsonObject } from './exact-json.ts';
import { type FieldMask, treeOf } from './field-mask.ts';
import { type MaskTree, treesForItems, treesForMember, withoutStars } from './mask-tree.ts';

export type MaskFinder = {
  /** Looks at the data of one more message. */
  look(data: unknown): void;
  /** Whether all paths have been found. */
  isDone(): boolean;
  /** Of the wanted paths, those that have led nowhere yet. */
  missing(): string[];
};

/** Finds out which paths of a mask lead somewhere, as the mask itself would follow them. */
export function createMaskFinder(mask: FieldMask, wanted: readonly string[]): MaskFinder {
  const missing = new Set(wanted);
  const found = ({ leaf }: MaskTree) => {
    if (leaf !== undefined) missing.delete(leaf);
  };
  const tree = treeOf(mask);
  return {
    look(data) {
      if (missing.size === 0) return;
      if ('include' in mask) lookExactly(data, tree, found);
      else lookThrough(data, [tree], found);
    },
    isDone: () => missing.size === 0,
    missing: () => [...missing],
  };
}

type Found = (tree: MaskTree) => void;

function lookExactly(value: unknown, tree: MaskTree, found: Found): void {
  found(tree);
  if (Array.isArray(value)) {
    const { star } = tree;
    if (star !== undefined) for (const item of value) lookExactly(item, star, found);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, below] of tree.members) {
    if (Object.hasOwn(value, name)) lookExactly(value[name], below, found);
  }
}

function lookThrough(value: unknown, paths: readonly MaskTree[], found: Found): void {
  const trees = Array.isArray(value) ? paths : withoutStars(paths);
  for (const tree of trees) found(tree);
  if (Array.isArray(value)) {
    const below = treesForItems(trees);
    for (const item of value) lookThrough(item, below, found);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const below = treesForMember(trees, name);
    if (below.length > 0) lookThrough(member, below, found);
  }
}
