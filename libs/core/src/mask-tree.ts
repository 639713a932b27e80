import type { PathSegment } from './data-path.ts';

/** Paths as a tree; a leaf stands for everything below. */
export type MaskTree = {
  /** The path that ends here, as it was written. */
  leaf: string | undefined;
  star: MaskTree | undefined;
  readonly members: Map<string, MaskTree>;
  /** Two names with the same outcome are one. */
  readonly fold: (name: string) => string;
};

export function newTree(fold: (name: string) => string): MaskTree {
  return { leaf: undefined, star: undefined, members: new Map(), fold };
}

export function asIs(name: string): string {
  return name;
}

export function grow(tree: MaskTree, names: readonly PathSegment[], path: string): void {
  let at = tree;
  for (const { name, isStar } of names) {
    const next: MaskTree = (isStar ? at.star : at.members.get(tree.fold(name))) ?? newTree(tree.fold);
    if (isStar) at.star = next;
    else at.members.set(tree.fold(name), next);
    at = next;
  }
  at.leaf = path;
}

/** What of the paths concerns the items of an array: those below `*`, and the same paths again; each once. */
export function treesForItems(trees: readonly MaskTree[]): MaskTree[] {
  return [...new Set(trees.flatMap((tree) => (tree.star === undefined ? [tree] : [tree.star, tree])))];
}

/** What of the paths concerns a value that is no array: a `*` is passed over. */
export function withoutStars(trees: readonly MaskTree[]): MaskTree[] {
  const all = new Set(trees);
  for (const { star } of all) if (star !== undefined) all.add(star);
  return [...all];
}

export function treesForMember(trees: readonly MaskTree[], name: string): MaskTree[] {
  const [first] = trees;
  if (first === undefined) return [];
  const folded = first.fold(name);
  return trees.flatMap((tree) => tree.members.get(folded) ?? []);
}
