import { type FieldMask, treeOf } from './field-mask.ts';
import { isSchemaObject, type JsonSchema, resolveRef, schemasIn } from './json-schema-walk.ts';
import { type MaskTree, treesForItems, treesForMember, withoutStars } from './mask-tree.ts';

/** What a mask leaves of a place in the data. */
type View = 'all' | 'none' | { member(name: string): View; item(): View };

/** Parts of a schema that are written for one reader, and how deep: references may lead in circles. */
const MAX_PARTS = 4000;
const MAX_DEPTH = 64;

type Walk = { readonly root: JsonSchema; readonly budget: { parts: number }; readonly depth: number };

/**
 * A topic's JSON Schema as a reader sees it. Where something is hidden, only what is known to tell nothing of it stays:
 * types, and the visible members by their names; no texts, values or conditions. What is visible as a whole stays as it
 * is.
 */
export function maskSchema(schema: JsonSchema, mask: FieldMask): JsonSchema {
  const tree = treeOf(mask);
  const walk: Walk = { root: schema, budget: { parts: 0 }, depth: 0 };
  const visible = partOf(schema, 'include' in mask ? shown(tree) : left([tree]), walk);
  if (visible === schema) return schema;
  const { $schema } = schema;
  return { ...($schema !== undefined && { $schema }), ...visible, ...definitionsFor(visible, schema) };
}

function shown(tree: MaskTree | undefined): View {
  if (tree === undefined) return 'none';
  if (tree.leaf !== undefined) return 'all';
  return { member: (name) => shown(tree.members.get(name)), item: () => shown(tree.star) };
}

function left(trees: readonly MaskTree[]): View {
  const isHidden = (some: readonly MaskTree[]) => some.some(({ leaf }) => leaf !== undefined);
  if (isHidden(trees)) return 'none';
  const plain = withoutStars(trees);
  if (plain.every((tree) => tree.members.size === 0 && tree.star === undefined && tree.leaf === undefined)) {
    return 'all';
  }
  return {
    // A path that expects an array hides what is there instead of one.
    member: (name) => (isHidden(plain) ? 'none' : left(treesForMember(plain, name))),
    item: () => left(treesForItems(trees)),
  };
}

function partOf(schema: JsonSchema, view: View, above: Walk): JsonSchema | undefined {
  if (view === 'all') return schema;
  if (view === 'none') return undefined;
  const walk = { ...above, depth: above.depth + 1 };
  walk.budget.parts += 1;
  if (walk.budget.parts > MAX_PARTS || walk.depth > MAX_DEPTH) return {};
  const target = resolveRef(walk.root, schema.$ref);
  const same = (value: unknown) => schemasIn(value).flatMap((one) => partOf(one, view, walk) ?? []);
  const all = [...same(schema.allOf), ...(target === undefined ? [] : same(target))];
  const some = (name: 'anyOf' | 'oneOf') =>
    schema[name] === undefined ? {} : { [name]: same(schema[name]) };
  return {
    ...(schema.type !== undefined && { type: schema.type }),
    ...propertiesOf(schema, view, walk),
    ...requiredOf(schema, view),
    ...itemsOf(schema, view, walk),
    ...(typeof schema.additionalProperties === 'boolean' && {
      additionalProperties: schema.additionalProperties,
    }),
    ...(all.length > 0 && { allOf: all }),
    ...some('anyOf'),
    ...some('oneOf'),
  };
}

type PartialView = Exclude<View, string>;

function propertiesOf({ properties }: JsonSchema, view: PartialView, walk: Walk) {
  if (!isSchemaObject(properties)) return {};
  const visible = Object.entries(properties).flatMap(([name, value]) => {
    const below = view.member(name);
    if (below === 'none') return [];
    return [[name, isSchemaObject(value) ? partOf(value, below, walk) : value === true]];
  });
  return { properties: Object.fromEntries(visible) as JsonSchema };
}

function requiredOf({ required }: JsonSchema, view: PartialView) {
  if (!Array.isArray(required)) return {};
  const names = required.filter((name) => typeof name === 'string' && view.member(name) !== 'none');
  return { required: names };
}

function itemsOf(schema: JsonSchema, view: PartialView, walk: Walk) {
  const below = view.item();
  const kept = ['items', 'prefixItems', 'contains'].flatMap((name) => {
    const value = schema[name];
    if (value === undefined || below === 'none') return [];
    const each = (one: unknown) => (isSchemaObject(one) ? partOf(one, below, walk) : one === true);
    return [[name, Array.isArray(value) ? value.map(each) : each(value)]];
  });
  return Object.fromEntries(kept) as JsonSchema;
}

const DEFINITION = /^#\/(\$defs|definitions)\/([^/]+)$/;

/** The definitions that what stays refers to, and those that these refer to. */
function definitionsFor(visible: JsonSchema | undefined, root: JsonSchema): JsonSchema {
  const wanted = new Map<string, JsonSchema>();
  const todo: unknown[] = [visible];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      const ref = name === '$ref' && typeof member === 'string' ? member : '';
      const target = DEFINITION.test(ref) && !wanted.has(ref) ? resolveRef(root, ref) : undefined;
      if (target !== undefined) {
        wanted.set(ref, target);
        todo.push(target);
      }
      todo.push(member);
    }
  }
  const kinds = new Map<string, [string, JsonSchema][]>();
  for (const [ref, target] of wanted) {
    const [, kind = '', name = ''] = DEFINITION.exec(ref) ?? [];
    kinds.set(kind, [...(kinds.get(kind) ?? []), [decodeURIComponent(name), target]]);
  }
  return Object.fromEntries([...kinds].map(([kind, members]) => [kind, Object.fromEntries(members)]));
}
