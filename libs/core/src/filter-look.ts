import { find } from './compile-filter.ts';
import { formatDataPath } from './data-path.ts';
import { isJsonNumber } from './decimal.ts';
import { type FieldMask, namesBelowData } from './field-mask.ts';
import type { Filter, FilterNode, FilterSubject } from './filter.ts';
import type { JsonSchema } from './json-schema-walk.ts';
import { schemaLeadsTo } from './schema-paths.ts';

/** A condition that probably asks for something else than was meant. */
export type FilterWarning = { readonly path: string; readonly reason: string };

export type FilterLook = {
  /** Looks at one of the newest messages, as whoever filters sees it. */
  look(message: FilterSubject): void;
  warnings(considered: number): FilterWarning[];
};

export type LookedFor = {
  readonly filter: Filter | undefined;
  /** Hides parts from whoever filters. */
  readonly mask?: FieldMask | undefined;
  readonly schema: JsonSchema | undefined;
};

/** What a filter compares without ever meeting it: a misspelt path, a text where numbers are. */
export function lookForFilter({ filter, mask, schema }: LookedFor): FilterLook {
  const conditions = filter === undefined ? [] : [...conditionsIn(filter.tree, false)].map(watch);
  return {
    look(message) {
      for (const condition of conditions) {
        for (const kind of kindsAt(message, condition.path)) condition.met.add(kind);
      }
    },
    warnings(considered) {
      const all = conditions.flatMap((condition) => {
        const reason = warningOf(condition, { mask, schema, considered });
        return reason === undefined ? [] : [{ path: formatDataPath(condition.path), reason }];
      });
      return all.filter(
        ({ path, reason }, at) => at === all.findIndex((one) => one.path === path && one.reason === reason),
      );
    },
  };
}

const KINDS = ['a text', 'a number', 'true or false', 'null', 'an object', 'an empty array'] as const;
type Kind = (typeof KINDS)[number];

type Condition = { readonly path: readonly string[]; readonly expects: ReadonlySet<Kind> };
type Watched = Condition & { readonly met: Set<Kind> };

function watch(condition: Condition): Watched {
  return { ...condition, met: new Set() };
}

/** Not whoever asks for something to be absent: that it is nowhere is what is wanted. */
function* conditionsIn(node: FilterNode, isNegated: boolean): Generator<Condition> {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const one of node.nodes) yield* conditionsIn(one, isNegated);
      return;
    case 'not':
      yield* conditionsIn(node.node, !isNegated);
      return;
    case 'exists':
      if (!isNegated) yield { path: node.path, expects: new Set(KINDS) };
      return;
    case 'in':
      yield { path: node.path, expects: new Set(node.values.map(kindOf)) };
      return;
    case 'prefix':
    case 'compare':
      yield { path: node.path, expects: new Set([kindOf(node.value)]) };
  }
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'a text';
  if (isJsonNumber(value)) return 'a number';
  return value === null ? 'null' : 'true or false';
}

function kindsAt(message: FilterSubject, path: readonly string[]): Kind[] {
  const values = find(message, path);
  if (values === undefined) return [];
  if (values.scalars.length > 0) return values.scalars.map(kindOf);
  return [values.hasMembers ? 'an object' : 'an empty array'];
}

type Known = Omit<LookedFor, 'filter'> & { readonly considered: number };

function warningOf({ path, expects, met }: Watched, { mask, schema, considered }: Known): string | undefined {
  if (mask !== undefined && isHidden(path, mask)) return 'the grant hides it: it counts as missing';
  if (met.size === 0) return neverMet(path, schema, considered);
  if ([...expects].some((kind) => met.has(kind))) return undefined;
  const there = listed(met);
  const hint = met.has('an object') ? '; name one of its members' : '';
  return `it is compared with ${listed(expects)}, and is ${there} in all messages that have it${hint}`;
}

function neverMet(
  path: readonly string[],
  schema: JsonSchema | undefined,
  considered: number,
): string | undefined {
  const [root, ...names] = path;
  const isKnown = root !== 'data' || (schema !== undefined && schemaLeadsTo(schema, names));
  if (isKnown && (root === 'data' || considered === 0)) return undefined;
  const none = `none of the newest messages (${considered} looked at) has it`;
  if (root !== 'data') return none;
  if (schema !== undefined) return `the topic's schema does not know it, and ${none}`;
  return considered === 0 ? undefined : `the topic has no schema, and ${none}`;
}

function listed(kinds: ReadonlySet<Kind>): string {
  return [...kinds].join(' or ');
}

/** Whether a mask shows nothing of what is at a path, whatever a message holds there. */
function isHidden([root, ...names]: readonly string[], mask: FieldMask): boolean {
  const isKey = root === 'key';
  if (root === 'type') return false;
  const isExclude = 'exclude' in mask;
  const paths = isExclude ? mask.exclude : mask.include;
  if (isKey) return paths.includes('key') === isExclude;
  const shared = paths.some((path) => {
    const below = path === 'key' ? undefined : namesBelowData(path);
    if (below === undefined) return false;
    const plain = below.filter(({ isStar }) => !isStar).map(({ name }) => name);
    const isAbove = plain.length <= names.length && plain.every((name, at) => name === names[at]);
    const isBelow = names.length < plain.length && names.every((name, at) => name === plain[at]);
    return isAbove || (!isExclude && isBelow);
  });
  return shared === isExclude;
}
