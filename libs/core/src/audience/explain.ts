import { type Grant, grantState } from '../access.ts';
import { describeFilter } from './describe-filter.ts';
import {
  type Compiled,
  compileParty,
  type Party,
  type Readable,
  RULE_NAMES,
  RULES,
  type RuleName,
  viewOf,
} from './rules.ts';

export type Explained = { readonly rule: RuleName; readonly held: boolean; readonly detail: string };

export type Asked = {
  /** Who asks: the topic's owner, or the company of the party itself. */
  readonly by: 'owner' | 'reader';
  readonly nowMs: number;
};

/** What is said of a rule of the reader to the owner: never its values. */
export const READERS_CHOICE = "the reader's choice";

/** The rules before it are the owner's, or the operator's. */
const FIRST_WISH = RULE_NAMES.indexOf('subscription-state');
const TERMS = RULE_NAMES.slice(0, FIRST_WISH);
const WISHES = RULE_NAMES.slice(FIRST_WISH);
const NO_SUBSCRIPTION: readonly RuleName[] = ['subscription-state'];

/**
 * Each rule in order, whether it holds and what was compared. The owner's terms come first: where they keep a message
 * from a reader, its own wishes are not judged, so that neither side can try them on what does not concern it, and the
 * reader hears of the first such term only, in words that tell nothing of the message.
 */
export function explain(party: Party, message: Readable, { by, nowMs }: Asked): Explained[] {
  const judging: Judging = { party, compiled: compileParty(party), message, nowMs };
  const judged = TERMS.map((rule) => ({ rule, held: holds(rule, judging) }));
  const broken = judged.findIndex(({ held }) => !held);
  const mayRead = broken === -1;
  const told: Told = { ...judging, by, sees: by === 'owner' || mayRead };
  const shown = mayRead || by === 'owner' ? judged : judged.slice(0, broken + 1);
  const terms = shown.map(({ rule, held }) => ({ rule, held, detail: detailOf(rule, { ...told, held }) }));
  return mayRead ? [...terms, ...wishes(told)] : terms;
}

function wishes(told: Told): Explained[] {
  const { party, by } = told;
  const isOwn = by === 'reader' || party.isOwner;
  return (party.subscription === undefined ? NO_SUBSCRIPTION : WISHES).map((rule) => {
    const held = holds(rule, told);
    return { rule, held, detail: isOwn ? detailOf(rule, { ...told, held }) : READERS_CHOICE };
  });
}

type Judging = {
  readonly party: Party;
  readonly compiled: Compiled;
  readonly message: Readable;
  readonly nowMs: number;
};

function holds(rule: RuleName, { compiled, message, nowMs }: Judging): boolean {
  return RULES[rule](compiled, message, nowMs);
}

type Told = Judging & {
  readonly by: Asked['by'];
  /** Whether values of the message may be told. */
  readonly sees: boolean;
};
type Detail = (told: Told & { readonly held: boolean }) => string;

const MAX_TYPES = 10;
const MAX_FILTER_CHARS = 300;
const NO_GRANT = 'there is no grant';

/** Of the owner's terms. */
function term(detail: (grant: Grant, told: Parameters<Detail>[0]) => string): Detail {
  return (told) => {
    if (told.party.isOwner) return 'the owner needs no grant';
    return told.party.grant === undefined ? NO_GRANT : detail(told.party.grant, told);
  };
}

/** What no message of ANIKA itself is asked. */
const NOT_OF_NOTICES: ReadonlySet<RuleName> = new Set([
  'grant-types',
  'grant-filter',
  'history',
  'event-types',
  'filter',
]);

function detailOf(rule: RuleName, told: Told & { readonly held: boolean }): string {
  const isExempt = told.message.isNotice === true && NOT_OF_NOTICES.has(rule);
  return isExempt ? "it is a word of ANIKA's own, which this does not concern" : DETAILS[rule](told);
}

const DETAILS: Readonly<Record<RuleName, Detail>> = {
  'partner-active': ({ party, held }) => {
    if (held) return 'both companies are active';
    return party.readerActive ? 'the owner is suspended' : 'the reader is suspended';
  },
  grant: term((grant, { nowMs }) => {
    const version = `version ${grant.version}`;
    const state = grantState(grant, nowMs);
    if (state === 'revoked') {
      const who = grant.revokedBy === undefined ? '' : ` by its ${grant.revokedBy}`;
      return `${version}, ended${who} at ${iso(grant.revokedAtMs)}`;
    }
    if (state === 'expired') return `${version}, given until ${iso(grant.expiresAtMs)}`;
    const { expiresAtMs } = grant;
    return `${version}, ${expiresAtMs === undefined ? 'without an end' : `until ${iso(expiresAtMs)}`}`;
  }),
  'grant-types': term(({ types }, told) => typesDetail('granted', types, told)),
  'grant-filter': term(({ filter }, { by, message, held }) => {
    if (filter === undefined) return 'the grant has no filter';
    if (by === 'owner') return describeFilter(filter, message);
    const text =
      filter.text.length > MAX_FILTER_CHARS
        ? `${[...filter.text].slice(0, MAX_FILTER_CHARS).join('')}…`
        : filter.text;
    return `${text} ${held ? 'holds' : 'does not hold'}`;
  }),
  audience: ({ party, message: { audience }, by, held }) => {
    if (party.isOwner) return 'the owner reads whatever it publishes';
    if (by === 'reader') return held ? 'it is for you' : 'it is not for you';
    if (audience === undefined) return 'it is for all granted companies';
    return `it is for ${audience.length} named, ${held ? 'this one among them' : 'not for this one'}`;
  },
  history: term(({ history, validFromMs }, { message, sees }) => {
    if (history) return 'earlier messages are granted too';
    const since = `granted since ${iso(validFromMs)}`;
    return sees ? `${since}; accepted at ${iso(message.acceptedAtMs)}` : `${since}; this one is older`;
  }),
  'subscription-state': ({ party: { subscription } }) => {
    if (subscription === undefined) return 'there is no subscription, or it is deleted';
    const { state } = subscription;
    return state === 'active' ? state : `${state}: its deliveries wait until it is active`;
  },
  'subscription-age': ({ party: { subscription }, message }) =>
    `made at ${iso(subscription?.createdAtMs)}; accepted at ${iso(message.acceptedAtMs)}`,
  'event-types': (told) => typesDetail('wanted', told.party.subscription?.eventTypes ?? [], told),
  // Through the mask, as it was judged: a hidden value counts as missing, and is not told.
  filter: ({ party, message }) => {
    const filter = party.subscription?.filter;
    return filter === undefined
      ? 'the subscription has no filter'
      : describeFilter(filter, viewOf(party)(message));
  },
};

function typesDetail(verb: string, types: readonly string[], { message, sees }: Told): string {
  if (types.length === 0) return `all types are ${verb}`;
  const more = types.length - MAX_TYPES;
  const list = types.slice(0, MAX_TYPES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${verb}: ${list}${sees ? `; the message is ${message.type}` : ''}`;
}

function iso(ms: number | undefined): string {
  return ms === undefined ? 'an unknown time' : new Date(ms).toISOString();
}
