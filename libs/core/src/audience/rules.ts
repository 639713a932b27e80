import { type Grant, grantState } from '../access.ts';
import { compileFilter } from '../compile-filter.ts';
import type { Filter, FilterSubject } from '../filter.ts';
import type { PartnerId } from '../ids.ts';
import { fanOutMode, type Subscription } from '../subscription.ts';
import { maskedView } from './masked-view.ts';

/** What is needed of a message to say who may read it, and who wants it. */
export type Readable = FilterSubject & {
  readonly acceptedAtMs: number;
  readonly audience: readonly PartnerId[] | undefined;
  /** ANIKA's own word: it holds nothing that a grant's terms or a filter could keep from its audience. */
  readonly isNotice?: true | undefined;
};

/** What is judged of a subscription. */
export type Wishes = Pick<Subscription, 'state' | 'createdAtMs' | 'eventTypes' | 'filter'>;

/** A company on a topic with one of its subscriptions, as they are judged. */
export type Party = {
  readonly partnerId: PartnerId;
  /** It reads its own topic, without a grant. */
  readonly isOwner: boolean;
  readonly readerActive: boolean;
  readonly ownerActive: boolean;
  readonly grant: Grant | undefined;
  readonly subscription: Wishes | undefined;
};

type Matches = (message: FilterSubject) => boolean;

/** A grant compiled once for many messages; without a filter nobody needs to parse `data`. */
export type ReadGrant = Pick<
  Grant,
  'types' | 'history' | 'validFromMs' | 'expiresAtMs' | 'revokedAtMs' | 'partnerId'
> & { readonly matches: Matches; readonly hasFilter: boolean };

/** What a subscriber asks for, compiled in the same way. */
export type Wants = {
  readonly createdAtMs: number;
  /** Empty: all types. */
  readonly types: ReadonlySet<string>;
  readonly matches: Matches;
  readonly hasFilter: boolean;
};

/** A party with its filters compiled. */
export type Compiled = Omit<Party, 'grant'> & {
  readonly grant: ReadGrant | undefined;
  readonly wants: Wants | undefined;
};

const everything = () => true;

export function compileGrant(grant: Grant): ReadGrant {
  const { filter } = grant;
  const matches = filter === undefined ? everything : compileFilter(filter);
  return { ...grant, matches, hasFilter: filter !== undefined };
}

export function compileWants(subscription: Wishes, party: Pick<Party, 'isOwner' | 'grant'>): Wants {
  const { createdAtMs, eventTypes, filter } = subscription;
  const matches = filter === undefined ? everything : compileOwnFilter(filter, viewOf(party));
  return { createdAtMs, types: new Set(eventTypes), matches, hasFilter: filter !== undefined };
}

/** It sees what its owner sees: a masked value counts as missing, so that a filter cannot find out what the mask hides. */
function compileOwnFilter(filter: Filter, view: (message: FilterSubject) => FilterSubject): Matches {
  const matches = compileFilter(filter);
  return (message) => matches(view(message));
}

/** A message as the party sees it. */
export function viewOf({ isOwner, grant }: Pick<Party, 'isOwner' | 'grant'>) {
  return maskedView(isOwner ? undefined : grant?.fields);
}

export function compileParty(party: Party): Compiled {
  const { grant, subscription } = party;
  return {
    ...party,
    grant: grant && compileGrant(grant),
    wants: subscription && compileWants(subscription, party),
  };
}

/** Messages that were accepted so long before a subscription was made may reach it: clocks of servers differ. */
const CLOCKS_DIFFER_MS = 1000;

/** Whether neither company is suspended. */
export function areActive({
  readerActive,
  ownerActive,
}: Pick<Party, 'readerActive' | 'ownerActive'>): boolean {
  return readerActive && ownerActive;
}

const isInForce = (grant: ReadGrant, nowMs: number) => grantState(grant, nowMs) === 'active';
const hasGrantedType = ({ types }: ReadGrant, { type, isNotice }: Readable) =>
  types.length === 0 || types.includes(type) || isNotice === true;
const isLetThrough = ({ matches }: ReadGrant | Wants, message: Readable) =>
  message.isNotice === true || matches(message);
const isForReader = ({ partnerId }: ReadGrant, { audience }: Readable) =>
  audience === undefined || audience.includes(partnerId);
const isInHistory = ({ history, validFromMs }: ReadGrant, { acceptedAtMs, isNotice }: Readable) =>
  history || acceptedAtMs >= validFromMs || isNotice === true;
const isYounger = ({ createdAtMs }: Wants, { acceptedAtMs }: Readable) =>
  acceptedAtMs >= createdAtMs - CLOCKS_DIFFER_MS;
const hasWantedType = ({ types }: Wants, { type, isNotice }: Readable) =>
  types.size === 0 || types.has(type) || isNotice === true;

type Rule = (party: Compiled, message: Readable, nowMs: number) => boolean;

/** A rule of the owner: nothing is asked of the owner itself, and nobody passes without a grant. */
function term(holds: (grant: ReadGrant, message: Readable, nowMs: number) => boolean): Rule {
  return ({ isOwner, grant }, message, nowMs) =>
    isOwner || (grant !== undefined && holds(grant, message, nowMs));
}

/** A rule of the subscriber. */
function wish(holds: (wants: Wants, message: Readable) => boolean): Rule {
  return ({ wants }, message) => wants !== undefined && holds(wants, message);
}

/** Every rule that decides whether a message goes to a subscription, in the order in which they are explained. */
export const RULES = {
  'partner-active': areActive,
  grant: term((grant, _, nowMs) => isInForce(grant, nowMs)),
  'grant-types': term(hasGrantedType),
  'grant-filter': term(isLetThrough),
  audience: term(isForReader),
  history: term(isInHistory),
  'subscription-state': ({ subscription }) =>
    subscription !== undefined && fanOutMode(subscription) === 'send',
  'subscription-age': wish(isYounger),
  'event-types': wish(hasWantedType),
  filter: wish(isLetThrough),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = [
  'partner-active',
  'grant',
  'grant-types',
  'grant-filter',
  'audience',
  'history',
  'subscription-state',
  'subscription-age',
  'event-types',
  'filter',
] as const satisfies readonly RuleName[];

/** Whether a grant lets its reader read a message. All must hold: the cheapest are asked first. */
export function lets(grant: ReadGrant, message: Readable, nowMs: number): boolean {
  return (
    isInForce(grant, nowMs) &&
    hasGrantedType(grant, message) &&
    isForReader(grant, message) &&
    isInHistory(grant, message) &&
    isLetThrough(grant, message)
  );
}

/** Whether a subscriber asks for a message, be it from before its subscription. */
export function wanted(wants: Wants, message: Readable): boolean {
  return hasWantedType(wants, message) && isLetThrough(wants, message);
}

/** The same of a message that is just published. */
export function wantedNow(wants: Wants, message: Readable): boolean {
  return isYounger(wants, message) && wanted(wants, message);
}
