import type { DeliveryId, PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import { GIVE_UP_MS } from '../subscription/health.ts';
import type { Notice } from './notice.ts';

/** Its company is told when it has only failed for so long. */
export const FAILING_MS = 60_000;
/** Dead letters of a subscription are told no more often. */
export const DEAD_EVERY_MS = 3_600_000;
/** More dead letters are not counted for a notice. */
export const DEAD_COUNT_MAX = 10_000;

/** A subscription a notice is about. */
export type AboutSubscription = {
  readonly id: SubscriptionId;
  readonly partnerId: PartnerId;
  readonly topicId: TopicId;
  readonly topicName: string;
  readonly ownerId: PartnerId;
  readonly ownerName: string;
};

const HOUR_MS = 3_600_000;

/** One for each time that it begins to fail, and at most one an hour: an endpoint may come and go. */
export function failingNotice(about: AboutSubscription, sinceMs: number, nowMs: number): Notice {
  return noticeOf(about, {
    type: 'anika.subscription.failing',
    source: `${about.id} failing ${Math.floor(sinceMs / HOUR_MS)}`,
    data: {
      at: iso(nowMs),
      ...subscriptionData(about),
      failingSince: iso(sinceMs),
      disabledAt: iso(sinceMs + GIVE_UP_MS),
    },
  });
}

export type DeadLetters = {
  /** Since when these have died. */
  readonly sinceMs: number;
  readonly count: number;
  readonly example: DeliveryId;
};

export function deadNotice(about: AboutSubscription, dead: DeadLetters, nowMs: number): Notice {
  return noticeOf(about, {
    type: 'anika.delivery.dead',
    source: `${about.id} dead ${dead.sinceMs}`,
    data: {
      at: iso(nowMs),
      ...subscriptionData(about),
      since: iso(dead.sinceMs),
      count: dead.count,
      exampleDeliveryId: dead.example,
    },
  });
}

function noticeOf(about: AboutSubscription, notice: Pick<Notice, 'type' | 'source' | 'data'>): Notice {
  return { ...notice, partnerId: about.partnerId, subjectId: about.id, byUserId: undefined };
}

function subscriptionData({ id, topicId, topicName, ownerId, ownerName }: AboutSubscription) {
  return { byPartnerId: null, byId: null, subscriptionId: id, topicId, topicName, ownerId, ownerName };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
