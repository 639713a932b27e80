import type { Grant } from './access.ts';
import { type Readable, type ReadGrant, refusalOf } from './authorise.ts';
import { compileFilter } from './compile-filter.ts';
import type { ReasonOf } from './delivery/reasons.ts';
import { compileMask, type FieldMask, maskSubject } from './field-mask.ts';
import type { Filter, FilterSubject } from './filter.ts';
import type { PartnerId } from './ids.ts';
import type { Route } from './route.ts';
import { fanOutMode, type Subscription } from './subscription.ts';

const everything = () => true;

/** A subscription with its conditions compiled, as the reader whom the grant lets in would judge them. */
export type Matcher = {
  readonly subscription: Subscription;
  readonly mode: 'send' | 'hold';
  readonly grant: ReadGrant | undefined;
  readonly isOwner: boolean;
  readonly wants: (message: FilterSubject) => boolean;
};

/** What a subscriber asks for, compiled once for many deliveries; without a filter nobody needs to parse `data`. */
export type Wants = {
  readonly matches: (message: FilterSubject) => boolean;
  readonly hasFilter: boolean;
};

export function compileGrant(grant: Grant): ReadGrant {
  return { ...grant, matches: grant.filter === undefined ? everything : compileFilter(grant.filter) };
}

/**
 * The subscriber's own conditions. Its filter sees what its owner sees: a masked value counts as missing,
 * so that a filter cannot find out what the mask hides.
 */
export function compileWants(subscription: Subscription, mask: FieldMask | undefined) {
  const types = new Set(subscription.eventTypes);
  const filter = compileMaskedFilter(subscription.filter, mask);
  return (message: FilterSubject): boolean =>
    (types.size === 0 || types.has(message.type)) && filter(message);
}

export function compileMaskedFilter(filter: Filter | undefined, mask: FieldMask | undefined) {
  if (filter === undefined) return everything;
  const matches = compileFilter(filter);
  if (mask === undefined) return matches;
  const masked = maskerOf(mask);
  return (message: FilterSubject) => matches(masked(message));
}

type Masker = (message: FilterSubject) => FilterSubject;
const maskers = new WeakMap<FieldMask, Masker>();

/** Masks each message once, whatever the number of subscriptions under the grant. */
function maskerOf(mask: FieldMask): Masker {
  const known = maskers.get(mask);
  if (known !== undefined) return known;
  const compiled = compileMask(mask);
  const masked = new WeakMap<FilterSubject, FilterSubject>();
  const masker = (message: FilterSubject) => {
    const before = masked.get(message);
    if (before !== undefined) return before;
    const seen = maskSubject(compiled, message);
    masked.set(message, seen);
    return seen;
  };
  maskers.set(mask, masker);
  return masker;
}

/** The subscriptions of a topic that a message may concern, compiled once for many messages. */
export function compileRoute(route: Route): readonly Matcher[] {
  const grants = new Map<PartnerId, ReadGrant>();
  for (const [partnerId, grant] of route.grants) grants.set(partnerId, compileGrant(grant));
  return route.subscriptions.flatMap((subscription): Matcher[] => {
    if (route.suspendedPartners.has(subscription.partnerId)) return [];
    const mask = route.grants.get(subscription.partnerId)?.fields;
    const isOwner = subscription.partnerId === route.topic.ownerId;
    return [
      {
        subscription,
        mode: fanOutMode(subscription),
        isOwner,
        grant: isOwner ? undefined : grants.get(subscription.partnerId),
        wants: compileWants(subscription, isOwner ? undefined : mask),
      },
    ];
  });
}

/** Whether a message goes to a subscription: allowed by the owner's grant and wanted by the subscriber. */
export function isMatch(matcher: Matcher, message: Readable, nowMs: number): boolean {
  const isAllowed = matcher.isOwner || refusalOf(matcher.grant, message, nowMs) === undefined;
  return isAllowed && matcher.wants(message);
}

/** Why a delivery of a held subscription waits. */
export function holdReason(subscription: Pick<Subscription, 'state'>): ReasonOf<'held'> {
  if (subscription.state === 'paused') return 'subscription-paused';
  return subscription.state === 'disabled' ? 'subscription-disabled' : 'subscription-unverified';
}
