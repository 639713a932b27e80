import type { ReasonOf } from '../delivery/reasons.ts';
import type { PartnerId } from '../ids.ts';
import type { Route, Target } from '../route.ts';
import { fanOutMode, type Subscription } from '../subscription.ts';
import {
  areActive,
  compileGrant,
  compileWants,
  lets,
  type Party,
  type Readable,
  type ReadGrant,
  type Wants,
  wantedNow,
} from './rules.ts';

/** A subscription with its conditions compiled, as the reader whom the grant lets in would judge them. */
export type Matcher = {
  readonly subscription: Subscription;
  readonly mode: 'send' | 'hold';
  readonly grant: ReadGrant | undefined;
  readonly isOwner: boolean;
  readonly wants: Wants;
};

/** Who a delivery is for. */
export function partyOf({ subscription, topic, readerActive, grant }: Target): Party {
  const { partnerId } = subscription;
  const isOwner = partnerId === topic.ownerId;
  return { partnerId, isOwner, readerActive, ownerActive: topic.ownerActive, grant, subscription };
}

/** The subscriptions of a topic that a message may concern, compiled once for many messages. */
export function compileRoute(route: Route): readonly Matcher[] {
  const { topic, suspendedPartners } = route;
  const grants = new Map<PartnerId, ReadGrant>();
  for (const [partnerId, grant] of route.grants) grants.set(partnerId, compileGrant(grant));
  return route.subscriptions.flatMap((subscription): Matcher[] => {
    const { partnerId } = subscription;
    const readerActive = !suspendedPartners.has(partnerId);
    if (!areActive({ readerActive, ownerActive: topic.ownerActive })) return [];
    const isOwner = partnerId === topic.ownerId;
    const wants = compileWants(subscription, { isOwner, grant: route.grants.get(partnerId) });
    const grant = isOwner ? undefined : grants.get(partnerId);
    return [{ subscription, mode: fanOutMode(subscription), isOwner, grant, wants }];
  });
}

/** Whether a message goes to a subscription: allowed by the owner's grant and wanted by the subscriber. */
export function isMatch({ isOwner, grant, wants }: Matcher, message: Readable, nowMs: number): boolean {
  const isAllowed = isOwner || (grant !== undefined && lets(grant, message, nowMs));
  return isAllowed && wantedNow(wants, message);
}

/** Why a delivery of a held subscription waits. */
export function holdReason(subscription: Pick<Subscription, 'state'>): ReasonOf<'held'> {
  if (subscription.state === 'paused') return 'subscription-paused';
  return subscription.state === 'disabled' ? 'subscription-disabled' : 'subscription-unverified';
}
