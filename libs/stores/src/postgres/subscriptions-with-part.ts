import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Postgres } from './client.ts';
import { Prisma } from './generated/client.ts';

export type WithPart = {
  /** This one, if it is of that topic and reader; undefined: all. */
  readonly subscriptionId?: SubscriptionId | undefined;
  /** Undefined: on any. */
  readonly topicId?: TopicId | undefined;
  /** Undefined: of all readers. */
  readonly partnerId?: PartnerId | undefined;
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly limit: number;
};

/**
 * Subscriptions that may have deliveries of messages accepted from a time on: those that are there, and those deleted
 * since, as long as their topics keep anything of that.
 */
export function createSubscriptionsWithPart({ db }: Postgres) {
  return async (of: WithPart): Promise<SubscriptionId[]> => {
    const { subscriptionId, topicId, partnerId, sinceMs, nowMs, limit } = of;
    const since = new Date(Math.max(0, sinceMs));
    const rows = await db.$queryRaw<{ id: SubscriptionId }[]>`
      SELECT s.id FROM subscriptions s JOIN topics t ON t.id = s.topic_id
      WHERE ${subscriptionId === undefined ? Prisma.sql`TRUE` : Prisma.sql`s.id = ${subscriptionId}`}
        AND ${topicId === undefined ? Prisma.sql`TRUE` : Prisma.sql`s.topic_id = ${topicId}`}
        AND ${partnerId === undefined ? Prisma.sql`TRUE` : Prisma.sql`s.partner_id = ${partnerId}`}
        AND (s.deleted_at IS NULL OR s.deleted_at > GREATEST(${since}::timestamptz,
          ${new Date(nowMs)}::timestamptz - make_interval(days => t.retention_days + 1)))
      LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  };
}
