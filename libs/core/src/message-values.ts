import { ExactNumber, type JsonNumber, sortableText } from './decimal.ts';
import { isJsonObject } from './exact-json.ts';

type Scalar = string | JsonNumber | boolean | null;

/** Values at one path of a message that filters look at; the first so many, in the order they are written. */
export const VALUES_MAX = 1000;

/** What is found at one path: through objects by name, through the objects of an array each. */
export type Values = {
  /** Texts, numbers, truth values and nulls at the path, or right in an array there. */
  readonly scalars: readonly Scalar[];
  /** The same to ask for one of them: `scalarKey` of each. */
  readonly keys: ReadonlySet<unknown>;
  /** Whether an object is there. */
  readonly hasMembers: boolean;
  member(name: string): Values | undefined;
};

class ValuesAt implements Values {
  readonly scalars: Scalar[] = [];
  #members: Map<string, ValuesAt> | undefined;
  #keys: Set<unknown> | undefined;

  get keys(): ReadonlySet<unknown> {
    this.#keys ??= new Set(this.scalars.map(scalarKey));
    return this.#keys;
  }

  get hasMembers(): boolean {
    return this.#members !== undefined;
  }

  member(name: string): ValuesAt | undefined {
    return this.#members?.get(name);
  }

  add(value: unknown): void {
    if (!Array.isArray(value)) this.#addOne(value);
    else for (const item of value) this.#addOne(item);
  }

  #addOne(value: unknown): void {
    if (isJsonObject(value)) {
      this.#addMembers(value);
      return;
    }
    // An array right in an array: no path leads into it.
    if (!Array.isArray(value) && this.scalars.length < VALUES_MAX) this.scalars.push(value as Scalar);
  }

  #addMembers(value: Readonly<Record<string, unknown>>): void {
    this.#members ??= new Map();
    for (const [name, member] of Object.entries(value)) {
      let at = this.#members.get(name);
      if (at === undefined) {
        at = new ValuesAt();
        this.#members.set(name, at);
      }
      at.add(member);
    }
  }
}

/** Equal exactly for equal values: a number that is kept exactly is no double. */
export function scalarKey(value: Scalar): unknown {
  if (value instanceof ExactNumber) return `\u0000${sortableText(value.decimal)}`;
  return typeof value === 'string' && value.startsWith('\u0000') ? `\u0000${value}` : value;
}

const walked = new WeakMap<object, Values>();

/** The values of parsed data. It is walked once, in time that grows with its size, however many filters ask. */
export function valuesOf(data: unknown): Values {
  if (typeof data !== 'object' || data === null) return walk(data);
  const known = walked.get(data);
  if (known !== undefined) return known;
  const values = walk(data);
  walked.set(data, values);
  return values;
}

function walk(data: unknown): Values {
  const values = new ValuesAt();
  values.add(data);
  return values;
}

/** The values at a path; undefined where it leads nowhere. */
export function valuesAt(values: Values, path: readonly string[]): Values | undefined {
  let at: Values | undefined = values;
  for (const name of path) at = at?.member(name);
  return at;
}

/** How a database writes what it is to find. */
export type Encoding = {
  readonly name: (name: string) => string;
  readonly exact: (number: ExactNumber) => unknown;
};

/**
 * The data as a database keeps it to be asked about: without the values that filters do not look at, so that it finds
 * what `valuesOf` finds.
 */
export function searchableData(data: unknown, encoding: Encoding): unknown {
  return encode(data, newBudget(), encoding);
}

type Budget = { left: number; members: Map<string, Budget> | undefined };

function newBudget(): Budget {
  return { left: VALUES_MAX, members: undefined };
}

function encode(value: unknown, budget: Budget, encoding: Encoding): unknown {
  if (!Array.isArray(value)) return encodeOne(value, budget, encoding);
  const items: unknown[] = [];
  for (const item of value) {
    const kept = Array.isArray(item) ? undefined : encodeOne(item, budget, encoding);
    if (kept !== undefined) items.push(kept);
  }
  return items;
}

function encodeOne(value: unknown, budget: Budget, encoding: Encoding): unknown {
  if (isJsonObject(value)) return encodeMembers(value, budget, encoding);
  budget.left -= 1;
  if (budget.left < 0) return undefined;
  return value instanceof ExactNumber ? encoding.exact(value) : value;
}

function encodeMembers(
  value: Readonly<Record<string, unknown>>,
  budget: Budget,
  encoding: Encoding,
): Record<string, unknown> {
  const members: [string, unknown][] = [];
  budget.members ??= new Map();
  for (const [name, member] of Object.entries(value)) {
    let below = budget.members.get(name);
    if (below === undefined) {
      below = newBudget();
      budget.members.set(name, below);
    }
    const kept = encode(member, below, encoding);
    if (kept !== undefined) members.push([encoding.name(name), kept]);
  }
  return Object.fromEntries(members);
}
