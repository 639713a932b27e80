import { isJsonObject } from '@anika/core/exact-json';
import { said } from '@anika/core/field-rules';
import type { SchemaObject } from './schema-keywords.ts';
import {
  addSeen,
  allFit,
  type Check,
  type CompileKeyword,
  newSeen,
  refuse,
  spend,
  type Visit,
} from './schema-run.ts';

/** Asks another schema about the same value; what it looked at counts only if the value fits it. */
export function asks(check: Check, visit: Visit, tells: boolean): boolean {
  if (visit.seen === undefined) return check({ ...visit, tells });
  const seen = newSeen();
  if (!check({ ...visit, tells, seen })) return false;
  addSeen(visit.seen, seen, visit.run);
  return true;
}

const allOf: CompileKeyword = (schemas, _, { of }) => {
  const checks = (schemas as unknown[]).map(of);
  return (visit) => allFit(checks, visit, (check) => asks(check, visit, visit.tells));
};

/** How many fit; with `enough` no more are asked than need be, unless it counts what they looked at. */
function countFitting(checks: readonly Check[], visit: Visit, enough: number): number {
  let count = 0;
  for (const check of checks) {
    if (asks(check, visit, false)) count += 1;
    if (count >= enough && visit.seen === undefined) break;
  }
  return count;
}

const anyOf: CompileKeyword = (schemas, _, { of }) => {
  const checks = (schemas as unknown[]).map(of);
  return (visit) =>
    countFitting(checks, visit, 1) > 0 || refuse(visit, 'fits none of the alternatives (anyOf)');
};

const oneOf: CompileKeyword = (schemas, _, { of }) => {
  const checks = (schemas as unknown[]).map(of);
  return (visit) => {
    const count = countFitting(checks, visit, 2);
    if (count === 1) return true;
    return refuse(visit, `fits ${count === 0 ? 'none' : 'more than one'} of the alternatives (oneOf)`);
  };
};

const not: CompileKeyword = (schema, _, { of }) => {
  const check = of(schema);
  return (visit) =>
    !check({ ...visit, tells: false, seen: visit.seen && newSeen() }) ||
    refuse(visit, 'fits what it must not (not)');
};

const ifThenElse: CompileKeyword = (schema, { then: yes = true, else: no = true }, { of }) => {
  const [condition, onFit, onMisfit] = [of(schema), of(yes), of(no)];
  return (visit) => asks(asks(condition, visit, false) ? onFit : onMisfit, visit, visit.tells);
};

function requires(visit: Visit, value: SchemaObject, names: readonly string[]): boolean {
  spend(visit.run, names.length);
  return allFit(names, visit, (name) => {
    if (Object.hasOwn(value, name)) return true;
    return refuse({ ...visit, place: { above: visit.place, name } }, said('data-required'));
  });
}

/** Where a member is there, other names must be too, or the whole must fit another schema. */
const dependents: CompileKeyword = (map, _, { of }) => {
  const wanted = Object.entries(map as SchemaObject).map(
    ([name, one]) => [name, Array.isArray(one) ? (one as string[]) : of(one)] as const,
  );
  return (visit) => {
    const { value, run } = visit;
    if (!isJsonObject(value)) return true;
    spend(run, wanted.length);
    return allFit(wanted, visit, ([name, one]) => {
      if (!Object.hasOwn(value, name)) return true;
      return typeof one === 'function' ? asks(one, visit, visit.tells) : requires(visit, value, one);
    });
  };
};

/** Keywords that ask other schemas about the same value. */
export const IN_PLACE_KEYWORDS: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ['allOf', allOf],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
  ['if', ifThenElse],
  ['dependentRequired', dependents],
  ['dependentSchemas', dependents],
  ['dependencies', dependents],
]);
