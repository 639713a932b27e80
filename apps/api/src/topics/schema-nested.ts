import { isJsonObject } from '@anika/core/exact-json';
import type { SchemaObject } from './schema-keywords.ts';
import {
  allFit,
  below,
  type Check,
  type CompileKeyword,
  refuse,
  spend,
  spendText,
  type Visit,
} from './schema-run.ts';

function checksByName(map: unknown, of: (schema: unknown) => Check): [string, Check][] {
  return Object.entries((map ?? {}) as SchemaObject).map(([name, schema]) => [name, of(schema)]);
}

function sawName({ seen }: Visit, name: string): void {
  seen?.names.add(name);
}

const properties: CompileKeyword = (map, _, { of }) => {
  const checks = checksByName(map, of);
  return (visit) => {
    const { value, run } = visit;
    if (!isJsonObject(value)) return true;
    spend(run, checks.length);
    const present = checks.filter(([name]) => Object.hasOwn(value, name));
    return allFit(present, visit, ([name, check]) => {
      sawName(visit, name);
      return check(below(visit, name, value[name]));
    });
  };
};

/** The members that `wants` picks must fit one schema. */
function otherMembers(check: Check, wants: (name: string, visit: Visit) => boolean): Check {
  return (visit) => {
    const { value, run } = visit;
    if (!isJsonObject(value)) return true;
    return allFit(Object.entries(value), visit, ([name, member]) => {
      spend(run, 1);
      if (!wants(name, visit)) return true;
      sawName(visit, name);
      return check(below(visit, name, member));
    });
  };
}

const additionalProperties: CompileKeyword = (schema, { properties: named }, { of }) => {
  const names = new Set(Object.keys((named ?? {}) as SchemaObject));
  return otherMembers(of(schema), (name) => !names.has(name));
};

const unevaluatedProperties: CompileKeyword = (schema, _, { of }) =>
  otherMembers(of(schema), (name, { seen }) => seen?.names.has(name) !== true);

const propertyNames: CompileKeyword = (schema, _, { of }) => {
  const check = of(schema);
  return (visit) => {
    const { value, run } = visit;
    if (!isJsonObject(value)) return true;
    return allFit(Object.keys(value), visit, (name) => {
      spendText(run, name);
      if (check({ ...visit, value: name, tells: false, seen: undefined })) return true;
      return refuse(below(visit, name, undefined), 'is not a name that is allowed here');
    });
  };
};

/** Items from a position on must fit one schema. */
function itemsFrom(check: Check, first: (visit: Visit) => number): Check {
  return (visit) => {
    const { value, run, seen } = visit;
    if (!Array.isArray(value)) return true;
    spend(run, value.length);
    const from = first(visit);
    const items = Array.from({ length: Math.max(0, value.length - from) }, (_, n) => from + n);
    const fits = allFit(items, visit, (index) => check(below(visit, index, value[index])));
    if (seen !== undefined) seen.items = value.length;
    return fits;
  };
}

function itemsInPlaces(list: readonly unknown[], of: (schema: unknown) => Check): Check {
  const checks = list.map(of);
  return (visit) => {
    const { value, run, seen } = visit;
    if (!Array.isArray(value)) return true;
    spend(run, checks.length);
    if (seen !== undefined) seen.items = Math.max(seen.items, checks.length);
    return allFit(checks.slice(0, value.length).entries(), visit, ([index, check]) =>
      check(below(visit, index, value[index])),
    );
  };
}

const items: CompileKeyword = (schema, { prefixItems: before }, { of, dialect }) => {
  if (Array.isArray(schema)) return itemsInPlaces(schema, of);
  const first = dialect === '2020-12' && Array.isArray(before) ? before.length : 0;
  return itemsFrom(of(schema), () => first);
};

const additionalItems: CompileKeyword = (schema, { items: before }, { of }) =>
  Array.isArray(before) ? itemsFrom(of(schema), () => before.length) : undefined;

const unevaluatedItems: CompileKeyword = (schema, _, { of }) => {
  const check = of(schema);
  return (visit) => {
    const { value, run, seen } = visit;
    if (!Array.isArray(value)) return true;
    spend(run, value.length);
    return allFit(value.entries(), visit, ([index, item]) => {
      if (index < (seen?.items ?? 0) || seen?.more.has(index) === true) return true;
      return check(below(visit, index, item));
    });
  };
};

const contains: CompileKeyword = (schema, { minContains = 1, maxContains }, { of, dialect }) => {
  const check = of(schema);
  const [min, max] =
    dialect === '2020-12' ? [Number(minContains), Number(maxContains ?? Infinity)] : [1, Infinity];
  return (visit) => {
    const { value, run, seen } = visit;
    if (!Array.isArray(value)) return true;
    let count = 0;
    for (const [index, item] of value.entries()) {
      spend(run, 1);
      if (!check({ ...below(visit, index, item), tells: false })) continue;
      count += 1;
      seen?.more.add(index);
    }
    if (count >= min && count <= max) return true;
    const most = max === Infinity ? '' : ` and at most ${max}`;
    return refuse(visit, `must hold at least ${min}${most} items of the kind that "contains" asks for`);
  };
};

/** Those ask about what the others have left. */
export const LAST_KEYWORDS: ReadonlySet<string> = new Set(['unevaluatedProperties', 'unevaluatedItems']);

/** Keywords that ask about members and items. */
export const NESTED_KEYWORDS: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ['properties', properties],
  ['additionalProperties', additionalProperties],
  ['propertyNames', propertyNames],
  ['prefixItems', (list, _, { of }) => itemsInPlaces(list as unknown[], of)],
  ['items', items],
  ['additionalItems', additionalItems],
  ['contains', contains],
  ['unevaluatedProperties', unevaluatedProperties],
  ['unevaluatedItems', unevaluatedItems],
]);
