import { type Grant, grantState } from '../access.ts';
import type { SubscriptionState } from '../subscription.ts';
import { cut, describeFilter, type FilterFinding } from './describe-filter.ts';
import { type Compiled, type Party, type Readable, type RuleName, viewOf } from './rules.ts';

/** Of a longer list, how many types are told. */
const MAX_TYPES = 10;
const MAX_FILTER_CHARS = 300;

/** What was compared by a rule, for whoever asks to say in words. Times are milliseconds since the epoch. */
export type RuleFact =
  /** Of a message of ANIKA's own, which most rules do not concern. */
  | { readonly says: 'own-word' }
  /** By the owner, of what a reader asks for. */
  | { readonly says: 'readers-choice' }
  | { readonly says: 'both-active' | 'owner-suspended' | 'reader-suspended' }
  | { readonly says: 'owner-reads' }
  | { readonly says: 'no-grant' }
  | { readonly says: 'grant-in-force'; readonly version: number; readonly untilMs: number | undefined }
  | { readonly says: 'grant-expired'; readonly version: number; readonly untilMs: number | undefined }
  | {
      readonly says: 'grant-ended';
      readonly version: number;
      readonly by: 'owner' | 'reader' | undefined;
      readonly atMs: number | undefined;
    }
  | { readonly says: 'all-types' }
  | {
      readonly says: 'types';
      readonly types: readonly string[];
      /** Beyond those that are told. */
      readonly more: number;
      /** Of the message, where it may be told. */
      readonly type: string | undefined;
    }
  | { readonly says: 'no-filter' }
  /** As it is written: its reader may not know what a message holds. */
  | { readonly says: 'filter'; readonly filter: string }
  | { readonly says: 'conditions'; readonly finding: FilterFinding }
  | { readonly says: 'for-all' | 'for-you' | 'not-for-you' }
  | { readonly says: 'for-named'; readonly count: number }
  | { readonly says: 'with-history' }
  | { readonly says: 'granted-since'; readonly sinceMs: number; readonly acceptedAtMs: number | undefined }
  | { readonly says: 'no-subscription' }
  | { readonly says: 'subscription'; readonly state: SubscriptionState }
  | {
      readonly says: 'made-at';
      readonly madeAtMs: number | undefined;
      readonly acceptedAtMs: number;
    };

export type Told = {
  readonly party: Party;
  readonly compiled: Compiled;
  readonly message: Readable;
  readonly nowMs: number;
  /** Who asks: the topic's owner, or the company of the party itself. */
  readonly by: 'owner' | 'reader';
  /** Whether values of the message may be told. */
  readonly sees: boolean;
  readonly held: boolean;
};
type Fact = (told: Told) => RuleFact;

/** What no message of ANIKA itself is asked. */
const NOT_OF_NOTICES: ReadonlySet<RuleName> = new Set([
  'grant-types',
  'grant-filter',
  'history',
  'event-types',
  'filter',
]);

export function factOf(rule: RuleName, told: Told): RuleFact {
  const isExempt = told.message.isNotice === true && NOT_OF_NOTICES.has(rule);
  return isExempt ? { says: 'own-word' } : FACTS[rule](told);
}

/** Of the owner's terms. */
function term(fact: (grant: Grant, told: Told) => RuleFact): Fact {
  return (told) => {
    if (told.party.isOwner) return { says: 'owner-reads' };
    return told.party.grant === undefined ? { says: 'no-grant' } : fact(told.party.grant, told);
  };
}

const FACTS: Readonly<Record<RuleName, Fact>> = {
  'partner-active': ({ party, held }) => {
    if (held) return { says: 'both-active' };
    return { says: party.readerActive ? 'owner-suspended' : 'reader-suspended' };
  },
  grant: term((grant, { nowMs }) => {
    const { version, expiresAtMs: untilMs, revokedAtMs: atMs, revokedBy: by } = grant;
    const state = grantState(grant, nowMs);
    if (state === 'revoked') return { says: 'grant-ended', version, by, atMs };
    return { says: state === 'expired' ? 'grant-expired' : 'grant-in-force', version, untilMs };
  }),
  'grant-types': term(({ types }, told) => typesFact(types, told)),
  'grant-filter': term(({ filter }, { by, message }) => {
    if (filter === undefined) return { says: 'no-filter' };
    if (by === 'owner') return { says: 'conditions', finding: describeFilter(filter, message) };
    return { says: 'filter', filter: cut(filter.text, MAX_FILTER_CHARS) };
  }),
  audience: ({ party, message: { audience }, by, held }) => {
    if (party.isOwner) return { says: 'owner-reads' };
    if (by === 'reader') return { says: held ? 'for-you' : 'not-for-you' };
    return audience === undefined ? { says: 'for-all' } : { says: 'for-named', count: audience.length };
  },
  history: term(({ history, validFromMs }, { message, sees }) => {
    if (history) return { says: 'with-history' };
    const acceptedAtMs = sees ? message.acceptedAtMs : undefined;
    return { says: 'granted-since', sinceMs: validFromMs, acceptedAtMs };
  }),
  'subscription-state': ({ party: { subscription } }) =>
    subscription === undefined
      ? { says: 'no-subscription' }
      : { says: 'subscription', state: subscription.state },
  'subscription-age': ({ party: { subscription }, message: { acceptedAtMs } }) => ({
    says: 'made-at',
    madeAtMs: subscription?.createdAtMs,
    acceptedAtMs,
  }),
  'event-types': (told) => typesFact(told.party.subscription?.eventTypes ?? [], told),
  // Through the mask, as it was judged: a hidden value counts as missing, and is not told.
  filter: ({ party, message }) => {
    const filter = party.subscription?.filter;
    if (filter === undefined) return { says: 'no-filter' };
    return { says: 'conditions', finding: describeFilter(filter, viewOf(party)(message)) };
  },
};

function typesFact(types: readonly string[], { message, sees }: Told): RuleFact {
  if (types.length === 0) return { says: 'all-types' };
  return {
    says: 'types',
    types: types.slice(0, MAX_TYPES),
    more: Math.max(types.length - MAX_TYPES, 0),
    type: sees ? message.type : undefined,
  };
}
