import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Postgres } from './client.ts';

/** What an operator needs to know an endpoint by: names, and of its address the host alone. */
export type EndpointNames = {
  readonly subscriptionId: SubscriptionId;
  readonly topicId: TopicId;
  readonly topicName: string;
  readonly ownerId: PartnerId;
  readonly ownerName: string;
  readonly partnerId: PartnerId;
  readonly partnerName: string;
  /** Undefined: it has no address. */
  readonly host: string | undefined;
  readonly state: string;
  readonly failingSinceMs: number | undefined;
};

/** Names of subscriptions and topics, the deleted ones too. */
export function createEndpointNames({ db }: Postgres) {
  return {
    async ofSubscriptions(
      ids: readonly SubscriptionId[],
    ): Promise<ReadonlyMap<SubscriptionId, EndpointNames>> {
      if (ids.length === 0) return new Map();
      const rows = await db.subscription.findMany({
        where: { id: { in: [...new Set(ids)] } },
        select: {
          id: true,
          url: true,
          state: true,
          deletedAt: true,
          failingSince: true,
          partner: { select: { id: true, name: true } },
          topic: { select: { id: true, name: true, partner: { select: { id: true, name: true } } } },
        },
      });
      return new Map(
        rows.map((row) => [
          row.id as SubscriptionId,
          {
            subscriptionId: row.id as SubscriptionId,
            topicId: row.topic.id as TopicId,
            topicName: row.topic.name,
            ownerId: row.topic.partner.id as PartnerId,
            ownerName: row.topic.partner.name,
            partnerId: row.partner.id as PartnerId,
            partnerName: row.partner.name,
            host: hostOf(row.url),
            state: row.deletedAt === null ? row.state : 'deleted',
            failingSinceMs: row.failingSince?.getTime(),
          },
        ]),
      );
    },

    async ofTopic(id: TopicId): Promise<{ name: string; ownerId: PartnerId; ownerName: string } | undefined> {
      const row = await db.topic.findUnique({
        where: { id },
        select: { name: true, partner: { select: { id: true, name: true } } },
      });
      if (row === null) return undefined;
      return { name: row.name, ownerId: row.partner.id as PartnerId, ownerName: row.partner.name };
    },
  };
}

function hostOf(url: string | null): string | undefined {
  return url !== null && URL.canParse(url) ? new URL(url).host : undefined;
}
