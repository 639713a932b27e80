import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Postgres } from './client.ts';

export type StatSubject = {
  readonly subscriptionId: SubscriptionId;
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
};

type Row = { id: string; topicId: string; partnerId: string; topic: { partnerId: string } };

const SELECT = { id: true, topicId: true, partnerId: true, topic: { select: { partnerId: true } } } as const;

function toSubject({ id, topicId, partnerId, topic }: Row): StatSubject {
  return {
    subscriptionId: id as SubscriptionId,
    topicId: topicId as TopicId,
    ownerId: topic.partnerId as PartnerId,
    partnerId: partnerId as PartnerId,
  };
}

/** Whose figures there are. */
export function createStatSubjects({ db }: Postgres) {
  return {
    /** The deleted ones too: something may still end there. */
    async topics(): Promise<ReadonlyMap<TopicId, PartnerId>> {
      const rows = await db.topic.findMany({ select: { id: true, partnerId: true } });
      return new Map(rows.map(({ id, partnerId }) => [id as TopicId, partnerId as PartnerId]));
    },

    /** Subscriptions of these topics that were there after a time. */
    async subscriptionsOf(topicIds: readonly TopicId[], sinceMs: number): Promise<StatSubject[]> {
      if (topicIds.length === 0) return [];
      const rows = await db.subscription.findMany({
        where: {
          topicId: { in: [...topicIds] },
          OR: [{ deletedAt: null }, { deletedAt: { gt: new Date(sinceMs) } }],
        },
        select: SELECT,
      });
      return rows.map(toSubject);
    },

    /** Whatever has become of them, with all others of the same readers on the same topics. */
    async pairsOf(ids: readonly SubscriptionId[]): Promise<StatSubject[]> {
      if (ids.length === 0) return [];
      const named = await db.subscription.findMany({ where: { id: { in: [...ids] } }, select: SELECT });
      const pairs = named.map(({ topicId, partnerId }) => ({ topicId, partnerId }));
      if (pairs.length === 0) return [];
      const rows = await db.subscription.findMany({ where: { OR: pairs }, select: SELECT });
      return rows.map(toSubject);
    },
  };
}
