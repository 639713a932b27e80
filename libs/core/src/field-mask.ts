import { type PathSegment, parseDataPath } from './data-path.ts';
import type { FieldError } from './failures.ts';
import { elementTexts, memberTexts, textKind } from './json-text.ts';

declare const checked: unique symbol;

/** Which parts of `data` a reader sees. Paths are relative to `data`, `*` stands for the items of an array. */
export type FieldMask = (
  | { readonly include: readonly string[] }
  | { readonly exclude: readonly string[] }
) & { readonly [checked]: true };

export const MASK_MAX_PATHS = 100;
const MAX_PATH_NAMES = 32;

export type ParsedFieldMask =
  | { readonly ok: true; readonly mask: FieldMask }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Checks a mask. Paths in the errors are relative to the mask. */
export function parseFieldMask(value: unknown): ParsedFieldMask {
  const fail = (path: string, message: string): ParsedFieldMask => ({
    ok: false,
    errors: [{ path, message }],
  });
  if (typeof value !== 'object' || value === null)
    return fail('', 'must be {include: […]} or {exclude: […]}');
  const [member, ...more] = Object.entries(value);
  if (member === undefined || more.length > 0 || !['include', 'exclude'].includes(member[0])) {
    return fail('', 'must be either {include: […]} or {exclude: […]}');
  }
  const [name, paths] = member;
  if (!Array.isArray(paths) || paths.length > MASK_MAX_PATHS) {
    return fail(name, `must be an array of at most ${MASK_MAX_PATHS} paths`);
  }
  const bad = paths.findIndex((path) => !isPath(path));
  if (bad >= 0) return fail(`${name}.${bad}`, 'is not a path such as customer.name or items.*.price');
  return { ok: true, mask: value as FieldMask };
}

function isPath(path: unknown): boolean {
  if (typeof path !== 'string' || path.length > 200) return false;
  const names = parseDataPath(path);
  return names !== undefined && names.length <= MAX_PATH_NAMES;
}

/** Paths as a tree; a leaf stands for everything below. */
type Tree = { leaf: boolean; star: Tree | undefined; readonly members: Map<string, Tree> };

function newTree(): Tree {
  return { leaf: false, star: undefined, members: new Map() };
}

function grow(tree: Tree, path: readonly PathSegment[]): void {
  let at = tree;
  for (const { name, isStar } of path) {
    const next: Tree = (isStar ? at.star : at.members.get(name)) ?? newTree();
    if (isStar) at.star = next;
    else at.members.set(name, next);
    at = next;
  }
  at.leaf = true;
}

function treeOf(paths: readonly string[]): Tree {
  const tree = newTree();
  for (const path of paths) grow(tree, parseDataPath(path) ?? []);
  return tree;
}

export type CompiledMask = {
  /** The visible part of parsed data; null when nothing of it is visible. */
  apply(data: unknown): unknown;
  /** The same on JSON text, keeping the spelling of what stays. */
  applyText(dataText: string): string;
};

/**
 * Where a path and the data do not fit, the doubt goes to hiding: `include` shows only what a path names
 * exactly, `exclude` also looks through arrays that its path does not mention with `*`, and takes what is there
 * for the only item where its path expects an array.
 */
export function compileMask(mask: FieldMask): CompiledMask {
  const tree = treeOf('include' in mask ? mask.include : mask.exclude);
  const [onValue, onText] = 'include' in mask ? [includeValue, includeText] : [excludeValue, excludeText];
  return {
    apply: (data) => {
      const visible = onValue(data, tree);
      return visible === undefined ? null : visible;
    },
    applyText: (dataText) => onText(dataText, tree) ?? 'null',
  };
}

/** Own members only, and no setter of `__proto__` is ever run. */
function fromMembers(members: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(members);
}

function includeValue(value: unknown, tree: Tree): unknown {
  if (tree.leaf) return value;
  if (Array.isArray(value)) {
    const { star } = tree;
    if (star === undefined) return undefined;
    return value.map((item) => includeValue(item, star)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const below = tree.members.get(name);
    const visible = below === undefined ? undefined : includeValue(member, below);
    return visible === undefined ? [] : [[name, visible] as const];
  });
  return fromMembers(members);
}

function includeText(text: string, tree: Tree): string | undefined {
  if (tree.leaf) return text;
  const kind = textKind(text);
  if (kind === 'scalar') return undefined;
  if (kind === 'array') {
    const { star } = tree;
    if (star === undefined) return undefined;
    const items = elementTexts(text).map((item) => includeText(item, star));
    return `[${items.filter((item) => item !== undefined).join(',')}]`;
  }
  const members = memberTexts(text).flatMap(({ name, nameText, valueText }) => {
    const below = tree.members.get(name);
    const visible = below === undefined ? undefined : includeText(valueText, below);
    return visible === undefined ? [] : [`${nameText}:${visible}`];
  });
  return `{${members.join(',')}}`;
}

/** What of the paths concerns the items of an array: those below `*`, and the same paths again; each once. */
function treesForItems(trees: readonly Tree[]): Tree[] {
  return [...new Set(trees.flatMap((tree) => (tree.star === undefined ? [tree] : [tree.star, tree])))];
}

/** What of the paths concerns a value that is no array: a `*` is passed over. */
function withoutStars(trees: readonly Tree[]): Tree[] {
  const all = new Set(trees);
  for (const { star } of all) if (star !== undefined) all.add(star);
  return [...all];
}

function treesForMember(trees: readonly Tree[], name: string): Tree[] {
  return trees.flatMap((tree) => tree.members.get(name) ?? []);
}

function excludeValue(value: unknown, tree: Tree): unknown {
  return excludeAll(value, [tree]);
}

function excludeAll(value: unknown, paths: readonly Tree[]): unknown {
  const trees = Array.isArray(value) ? paths : withoutStars(paths);
  if (trees.some((tree) => tree.leaf)) return undefined;
  if (trees.length === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const below = treesForItems(trees);
    return value.map((item) => excludeAll(item, below)).filter((item) => item !== undefined);
  }
  const members = Object.entries(value).flatMap(([name, member]) => {
    const visible = excludeAll(member, treesForMember(trees, name));
    return visible === undefined ? [] : [[name, visible] as const];
  });
  return fromMembers(members);
}

function excludeText(text: string, tree: Tree): string | undefined {
  return excludeAllText(text, [tree]);
}

function excludeAllText(text: string, paths: readonly Tree[]): string | undefined {
  const kind = textKind(text);
  const trees = kind === 'array' ? paths : withoutStars(paths);
  if (trees.some((tree) => tree.leaf)) return undefined;
  if (trees.length === 0 || kind === 'scalar') return text;
  if (kind === 'array') {
    const below = treesForItems(trees);
    const items = elementTexts(text).map((item) => excludeAllText(item, below));
    return `[${items.filter((item) => item !== undefined).join(',')}]`;
  }
  const members = memberTexts(text).flatMap(({ name, nameText, valueText }) => {
    const visible = excludeAllText(valueText, treesForMember(trees, name));
    return visible === undefined ? [] : [`${nameText}:${visible}`];
  });
  return `{${members.join(',')}}`;
}
