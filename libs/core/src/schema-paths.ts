import type { PathSegment } from './data-path.ts';
import { type FieldMask, namesBelowData } from './field-mask.ts';
import { foldName } from './fold-name.ts';
import { isSchemaObject, type JsonSchema, resolveRef, schemasIn } from './json-schema-walk.ts';

/** Parts of a schema that are looked at for one mask, and how deep: references may lead in circles. */
const MAX_LOOKS = 10_000;
const MAX_DEPTH = 64;

type Walk = {
  readonly root: JsonSchema;
  readonly isExclude: boolean;
  readonly budget: { looks: number };
  readonly depth: number;
};

/** The paths of a mask that a schema does not name. `key` is part of every message. */
export function unknownPaths(mask: FieldMask, schema: JsonSchema | undefined): string[] {
  const isExclude = 'exclude' in mask;
  const paths = isExclude ? mask.exclude : mask.include;
  const budget = { looks: 0 };
  return paths.filter((path) => {
    if (path === 'key') return false;
    const names = namesBelowData(path) ?? [];
    return schema === undefined || !leads(schema, names, { root: schema, isExclude, budget, depth: 0 });
  });
}

/** Whether a schema names what a filter's path leads to: like `exclude`, it looks through arrays. */
export function schemaLeadsTo(schema: JsonSchema, names: readonly string[]): boolean {
  const path = names.map((name) => ({ name, isStar: false }));
  return leads(schema, path, { root: schema, isExclude: true, budget: { looks: 0 }, depth: 0 });
}

function leads(schema: JsonSchema, path: readonly PathSegment[], above: Walk): boolean {
  const [next, ...rest] = path;
  if (next === undefined) return true;
  const walk = { ...above, depth: above.depth + 1 };
  walk.budget.looks += 1;
  if (walk.budget.looks > MAX_LOOKS || walk.depth > MAX_DEPTH) return false;
  const target = resolveRef(walk.root, schema.$ref);
  const same = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'].flatMap((name) => schemasIn(schema[name]));
  if ([...(target === undefined ? [] : [target]), ...same].some((one) => leads(one, path, walk))) return true;
  const items = ['items', 'prefixItems', 'contains'].flatMap((name) => schemasIn(schema[name]));
  if (next.isStar) {
    return items.some((one) => leads(one, rest, walk)) || (walk.isExclude && leads(schema, rest, walk));
  }
  // Under `exclude` a path leads through arrays that it does not mention.
  if (walk.isExclude && items.some((one) => leads(one, path, walk))) return true;
  const member = memberOf(schema.properties, next.name, walk);
  return member !== undefined && (member === true || leads(member, rest, walk));
}

/** `true`: whatever is below it, it is named. */
function memberOf(
  properties: unknown,
  name: string,
  { isExclude, budget }: Walk,
): JsonSchema | true | undefined {
  if (!isSchemaObject(properties)) return undefined;
  if (Object.hasOwn(properties, name)) return isSchemaObject(properties[name]) ? properties[name] : true;
  if (!isExclude) return undefined;
  budget.looks += Object.keys(properties).length;
  if (budget.looks > MAX_LOOKS) return undefined;
  const folded = foldName(name);
  const found = Object.entries(properties).find(([one]) => foldName(one) === folded);
  if (found === undefined) return undefined;
  return isSchemaObject(found[1]) ? found[1] : true;
}
