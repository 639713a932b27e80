import { type PathSegment, parseDataPath } from './data-path.ts';
import { isJsonObject } from './exact-json.ts';
import type { FieldError } from './failures.ts';
import { foldName } from './fold-name.ts';
import { elementTexts, memberTexts, textKind } from './json-text.ts';
import {
  asIs,
  grow,
  type MaskTree,
  newTree,
  treesForItems,
  treesForMember,
  withoutStars,
} from './mask-tree.ts';

declare const checked: unique symbol;

/**
 * Which parts of a message a reader sees. A path is `data.<name>.<name>`, as filters spell it, or exactly `key`; `*`
 * stands for the items of an array.
 */
export type FieldMask = (
  | { readonly include: readonly string[] }
  | { readonly exclude: readonly string[] }
) & { readonly [checked]: true };

export const MASK_MAX_PATHS = 256;
export const MASK_MAX_PATH_LENGTH = 256;
/** `data` and 32 names below it. */
const MAX_PATH_NAMES = 33;

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
  if (bad >= 0) return fail(`${name}.${bad}`, hintFor(paths[bad]));
  return { ok: true, mask: value as FieldMask };
}

/** Under `exclude` each makes more of the paths apply at once, at every value; there it is rarely needed. */
export const MASK_MAX_ARRAYS = 32;

/** How many different arrays the paths of a mask name with `*`. */
export function arraysIn(mask: FieldMask): number {
  const paths = 'include' in mask ? mask.include : mask.exclude;
  const arrays = new Set<string>();
  for (const path of paths) {
    const names = namesBelowData(path) ?? [];
    for (const [at, { isStar }] of names.entries()) {
      if (isStar) arrays.add(JSON.stringify(names.slice(0, at + 1).map((one) => [one.name, one.isStar])));
    }
  }
  return arrays.size;
}

function isPath(path: unknown): boolean {
  if (typeof path !== 'string' || path.length > MASK_MAX_PATH_LENGTH) return false;
  if (path === 'key') return true;
  const names = namesBelowData(path);
  return names !== undefined && names.length > 0 && names.length < MAX_PATH_NAMES;
}

/** The names of a path below `data`; undefined for any other path. */
export function namesBelowData(path: string): readonly PathSegment[] | undefined {
  const [root, ...names] = parseDataPath(path) ?? [];
  return root?.name === 'data' && path.startsWith('data') ? names : undefined;
}

/** What is wrong with a path, with the spelling that was probably meant. */
function hintFor(path: unknown): string {
  const rule = 'must be a path such as data.customer.phone or data.items.*.price, or exactly key';
  if (typeof path !== 'string') return rule;
  const bare = path
    .replace(/^\$\.?/, '')
    .replace(/^\//, '')
    .replace(/^data(?=[./]|$)[./]?/, '');
  const meant = path.startsWith('/') ? bare.replaceAll('.', '\\.').replaceAll('/', '.') : bare;
  const suggestion = `data.${meant}`;
  return suggestion !== path && isPath(suggestion) ? `${rule}: perhaps ${suggestion} is meant` : rule;
}

export type CompiledMask = {
  /** Whether the reader sees the message's `key`. */
  readonly showsKey: boolean;
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
  const tree = treeOf(mask);
  const [onValue, onText] = 'include' in mask ? [includeValue, includeText] : [excludeValue, excludeText];
  return {
    showsKey: showsKey(mask),
    apply: (data) => {
      const visible = onValue(data, tree);
      return visible === undefined ? null : visible;
    },
    applyText: (dataText) => onText(dataText, tree) ?? 'null',
  };
}

/** Under `include` only what is named is shown, so `key` too must be. */
function showsKey(mask: FieldMask): boolean {
  return 'include' in mask ? mask.include.includes('key') : !mask.exclude.includes('key');
}

/** The mask's paths into `data`, as a tree. Only `exclude` takes names for the same whatever their composition. */
export function treeOf(mask: FieldMask): MaskTree {
  const isExclude = 'exclude' in mask;
  const tree = newTree(isExclude ? foldName : asIs);
  for (const path of isExclude ? mask.exclude : mask.include) {
    if (path !== 'key') grow(tree, namesBelowData(path) ?? [], path);
  }
  return tree;
}

/** The part of a message that its reader sees. */
export function maskSubject<S extends { readonly key: string | undefined; readonly data: unknown }>(
  { showsKey, apply }: CompiledMask,
  subject: S,
): S {
  return { ...subject, key: showsKey ? subject.key : undefined, data: apply(subject.data) };
}

/** Own members only, and no setter of `__proto__` is ever run. */
function fromMembers(members: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(members);
}

function includeValue(value: unknown, tree: MaskTree): unknown {
  if (tree.leaf !== undefined) return value;
  if (Array.isArray(value)) {
    const { star } = tree;
    if (star === undefined) return undefined;
    return value.map((item) => includeValue(item, star)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const below = tree.members.get(name);
    const visible = below === undefined ? undefined : includeValue(member, below);
    return visible === undefined ? [] : [[name, visible] as const];
  });
  return fromMembers(members);
}

function includeText(text: string, tree: MaskTree): string | undefined {
  if (tree.leaf !== undefined) return text;
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

function excludeValue(value: unknown, tree: MaskTree): unknown {
  return excludeAll(value, [tree]);
}

function excludeAll(value: unknown, paths: readonly MaskTree[]): unknown {
  const trees = Array.isArray(value) ? paths : withoutStars(paths);
  if (trees.some(({ leaf }) => leaf !== undefined)) return undefined;
  if (trees.length === 0) return value;
  if (Array.isArray(value)) {
    const below = treesForItems(trees);
    return value.map((item) => excludeAll(item, below)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const visible = excludeAll(member, treesForMember(trees, name));
    return visible === undefined ? [] : [[name, visible] as const];
  });
  return fromMembers(members);
}

function excludeText(text: string, tree: MaskTree): string | undefined {
  return excludeAllText(text, [tree]);
}

function excludeAllText(text: string, paths: readonly MaskTree[]): string | undefined {
  const kind = textKind(text);
  const trees = kind === 'array' ? paths : withoutStars(paths);
  if (trees.some(({ leaf }) => leaf !== undefined)) return undefined;
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
