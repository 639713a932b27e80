import { type MaskTree, treesForItems, treesForMember, withoutStars } from './mask-tree.ts';

/** What becomes of a value: all of it is shown, none, or its parts are looked at. */
export type Look<Parts> = 'show' | 'hide' | Parts;

/** Where a value stands with respect to a mask, by the kind that it turns out to be. */
export type MaskState = {
  readonly scalar: 'show' | 'hide';
  readonly array: Look<{ readonly items: MaskState }>;
  readonly object: Look<{ readonly member: (name: string) => MaskState }>;
};

const SHOW: MaskState = { scalar: 'show', array: 'show', object: 'show' };
const HIDE: MaskState = { scalar: 'hide', array: 'hide', object: 'hide' };

/** Shows only what a path names exactly. */
export function includeState(tree: MaskTree | undefined): MaskState {
  if (tree === undefined) return HIDE;
  if (tree.leaf !== undefined) return SHOW;
  const members = new Map<string, MaskState>();
  for (const [name, below] of tree.members) members.set(name, includeState(below));
  return {
    scalar: 'hide',
    array: tree.star === undefined ? 'hide' : { items: includeState(tree.star) },
    object: { member: (name) => members.get(tree.fold(name)) ?? HIDE },
  };
}

/**
 * Hides what any path names, whichever of its arrays are there. Several places of the paths may apply to one value;
 * each set of them is one state, made once for the mask: a value costs the same however many paths there are.
 */
export function excludeState(tree: MaskTree): MaskState {
  const numbers = new Map<MaskTree, number>();
  const states = new Map<string, MaskState>();

  function numberOf(one: MaskTree): number {
    const known = numbers.get(one);
    if (known !== undefined) return known;
    numbers.set(one, numbers.size);
    return numbers.size - 1;
  }

  function stateOf(trees: readonly MaskTree[]): MaskState {
    if (trees.length === 0) return SHOW;
    const name = trees
      .map(numberOf)
      .sort((a, b) => a - b)
      .join();
    const known = states.get(name);
    if (known !== undefined) return known;
    const made = makeState(trees);
    states.set(name, made);
    return made;
  }

  function makeState(trees: readonly MaskTree[]): MaskState {
    const others = withoutStars(trees);
    const isHidden = others.some(({ leaf }) => leaf !== undefined);
    return {
      scalar: isHidden ? 'hide' : 'show',
      array: trees.some(({ leaf }) => leaf !== undefined) ? 'hide' : itemsOf(trees),
      object: isHidden ? 'hide' : membersOf(others),
    };
  }

  function itemsOf(trees: readonly MaskTree[]): { readonly items: MaskState } {
    let items: MaskState | undefined;
    return {
      get items() {
        items ??= stateOf(treesForItems(trees));
        return items;
      },
    };
  }

  function membersOf(trees: readonly MaskTree[]): { readonly member: (name: string) => MaskState } {
    // Only names of the paths are kept: a message may have any number of others.
    const known = new Map<string, MaskState | undefined>();
    for (const { members } of trees) for (const name of members.keys()) known.set(name, undefined);
    const [first] = trees;
    return {
      member(name) {
        const folded = first?.fold(name) ?? name;
        if (!known.has(folded)) return SHOW;
        const state = known.get(folded) ?? stateOf(treesForMember(trees, folded));
        known.set(folded, state);
        return state;
      },
    };
  }

  return stateOf([tree]);
}
