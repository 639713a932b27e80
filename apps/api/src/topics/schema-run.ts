import { formatDataPath } from '@anika/core/data-path';
import { ExactNumber } from '@anika/core/decimal';
import { isJsonObject } from '@anika/core/exact-json';
import type { FieldError } from '@anika/core/failures';
import { type Said, wordsOf } from '@anika/core/field-rules';
import type { Dialect, SchemaObject } from './schema-keywords.ts';

/** More are no help: the first ones are corrected first. */
export const ERRORS_MAX = 20;

/** A check takes more steps than it was given. */
export class OutOfSteps extends Error {
  override readonly name = 'OutOfSteps';
}

/** One check of data: what it may still cost, and what it has found. */
export type Run = { steps: number; readonly errors: FieldError[] };

export type Place = { readonly above: Place; readonly name: string } | undefined;

/** What of a value some schema in place has looked at; for `unevaluatedProperties` and `unevaluatedItems`. */
export type Seen = { readonly names: Set<string>; items: number; readonly more: Set<number> };

/** A value that a schema is asked about. */
export type Visit = {
  readonly value: unknown;
  readonly place: Place;
  readonly run: Run;
  /** Whether what does not fit is written down; within alternatives it is not. */
  readonly tells: boolean;
  readonly seen: Seen | undefined;
};

/** Whether a value fits. */
export type Check = (visit: Visit) => boolean;

export type Compiling = {
  readonly dialect: Dialect;
  /** The check of a schema below. */
  readonly of: (schema: unknown) => Check;
};

/** Makes the check of one keyword; undefined when it asks nothing. */
export type CompileKeyword = (
  value: unknown,
  schema: SchemaObject,
  compiling: Compiling,
) => Check | undefined;

/** Each step is bounded work: a budget of steps bounds the time of a check whatever the schema and the data are. */
export function spend(run: Run, steps: number): void {
  run.steps -= steps;
  if (run.steps < 0) throw new OutOfSteps('the check takes too many steps');
}

const CHARACTERS_A_STEP = 32;

export function spendText(run: Run, text: string): void {
  spend(run, 1 + text.length / CHARACTERS_A_STEP);
}

/** As much as comparing or writing the whole value costs. */
export function spendValue(run: Run, value: unknown): void {
  if (value instanceof ExactNumber) spendText(run, value.text);
  else if (typeof value === 'string') spendText(run, value);
  else spend(run, 1);
  if (Array.isArray(value)) for (const item of value) spendValue(run, item);
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    spendText(run, name);
    spendValue(run, member);
  }
}

export function newSeen(): Seen {
  return { names: new Set(), items: 0, more: new Set() };
}

export function addSeen(into: Seen, from: Seen, run: Run): void {
  spend(run, from.names.size + from.more.size);
  for (const name of from.names) into.names.add(name);
  for (const index of from.more) into.more.add(index);
  into.items = Math.max(into.items, from.items);
}

export function refuse({ tells, run, place }: Visit, what: string | Said): false {
  if (tells && run.errors.length < ERRORS_MAX) run.errors.push({ path: pathOf(place), ...wordsOf(what) });
  return false;
}

/** As filters and masks spell it. */
function pathOf(place: Place): string {
  const names: string[] = [];
  for (let at = place; at !== undefined; at = at.above) names.push(at.name);
  return formatDataPath(['data', ...names.reverse()]);
}

/** The same question about a member or an item. */
export function below(visit: Visit, name: string | number, value: unknown): Visit {
  return { ...visit, value, place: { above: visit.place, name: String(name) }, seen: undefined };
}

/** All must fit; where it is told what does not, all are asked until enough is told. */
export function allFit<T>(
  items: Iterable<T>,
  { tells, run }: Pick<Visit, 'tells' | 'run'>,
  fits: (item: T) => boolean,
): boolean {
  let all = true;
  for (const item of items) {
    if (fits(item)) continue;
    if (!tells || run.errors.length >= ERRORS_MAX) return false;
    all = false;
  }
  return all;
}
