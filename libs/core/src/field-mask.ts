import { type PathSegment, parseDataPath } from './data-path.ts';
import { isJsonObject } from './exact-json.ts';
import type { FieldError } from './failures.ts';
import { type Said, said, wordsOf } from './field-rules.ts';
import { foldName } from './fold-name.ts';
import { excludeState, includeState, type MaskState } from './mask-states.ts';
import { maskText } from './mask-text.ts';
import { asIs, grow, type MaskTree, newTree } from './mask-tree.ts';

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
  const fail = (path: string, what: string | Said): ParsedFieldMask => ({
    ok: false,
    errors: [{ path, ...wordsOf(what) }],
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
function hintFor(path: unknown): Said {
  const rule = said('mask-path');
  if (typeof path !== 'string') return rule;
  const bare = path
    .replace(/^\$\.?/, '')
    .replace(/^\//, '')
    .replace(/^data(?=[./]|$)[./]?/, '');
  const meant = path.startsWith('/') ? bare.replaceAll('.', '\\.').replaceAll('/', '.') : bare;
  const suggestion = `data.${meant}`;
  return suggestion !== path && isPath(suggestion) ? said('mask-path-meant', { path: suggestion }) : rule;
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
  const state = 'include' in mask ? includeState(tree) : excludeState(tree);
  return {
    showsKey: showsKey(mask),
    apply: (data) => {
      const visible = visibleValue(data, state);
      return visible === undefined ? null : visible;
    },
    applyText: (dataText) => maskText(dataText, state) ?? 'null',
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

function visibleValue(value: unknown, state: MaskState): unknown {
  if (Array.isArray(value)) {
    const { array } = state;
    if (typeof array === 'string') return array === 'show' ? value : undefined;
    return value.map((item) => visibleValue(item, array.items)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return state.scalar === 'show' ? value : undefined;
  const { object } = state;
  if (typeof object === 'string') return object === 'show' ? value : undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const visible = visibleValue(member, object.member(name));
    return visible === undefined ? [] : [[name, visible] as const];
  });
  return fromMembers(members);
}
