import type { Grant } from '@anika/core/access';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { Postgres } from './client.ts';
import { type Grant as GrantRow, Prisma } from './generated/client.ts';
import { GRANT_COLUMNS, SUBSCRIPTION_COLUMNS } from './raw-columns.ts';
import { type PublicSubscriptionRow, toSubscription } from './subscription-row.ts';
import { toGrant } from './write-grant.ts';

/** A company that has or had a grant on a topic, with one of its subscriptions there, or without any. */
export type ReaderRow = {
  readonly partnerId: PartnerId;
  readonly partnerName: string;
  readonly isActive: boolean;
  /** Whatever its state. */
  readonly grant: Grant | undefined;
  readonly subscriptionId: SubscriptionId | undefined;
  /** Undefined also where it is deleted. */
  readonly subscription: Subscription | undefined;
};

/** The last row of the page before. */
export type ReaderPosition = Pick<ReaderRow, 'partnerId' | 'subscriptionId'>;

export type ReaderList = {
  readonly topicId: TopicId;
  readonly partnerId?: PartnerId | undefined;
  readonly subscriptionId?: SubscriptionId | undefined;
  /** Subscriptions that were deleted before this are left out. */
  readonly sinceMs: number;
  readonly after: ReaderPosition | undefined;
  readonly limit: number;
};

export type ReaderStore = ReturnType<typeof createReaderStore>;

/** Whom a message of a topic could be for: a row for each reader and subscription, in the order of their ids. */
export function createReaderStore({ db }: Postgres) {
  return {
    /** Undefined: there is no such topic, or it is deleted. */
    async ownerOf(topicId: TopicId): Promise<{ id: PartnerId; isActive: boolean } | undefined> {
      const topic = await db.topic.findFirst({
        where: { id: topicId, deletedAt: null },
        select: { partner: { select: { id: true, status: true } } },
      });
      if (topic === null) return undefined;
      return { id: topic.partner.id as PartnerId, isActive: topic.partner.status === 'active' };
    },

    async page(list: ReaderList): Promise<ReaderRow[]> {
      const places = await placesOf(db, list);
      const partnerIds = [...new Set(places.map(({ partnerId }) => partnerId))];
      const subscriptionIds = places.flatMap(({ subscriptionId }) => subscriptionId ?? []);
      const [grants, subscriptions] = await Promise.all([
        db.$queryRaw<GrantRow[]>`
          SELECT ${GRANT_COLUMNS} FROM grants g
          WHERE g.topic_id = ${list.topicId} AND g.partner_id = ANY(${partnerIds}::text[])`,
        db.$queryRaw<PublicSubscriptionRow[]>`
          SELECT ${SUBSCRIPTION_COLUMNS} FROM subscriptions s
          WHERE s.id = ANY(${subscriptionIds}::text[]) AND s.deleted_at IS NULL`,
      ]);
      const grantOf = new Map(grants.map((row) => [row.partnerId, toGrant(row)]));
      const subscriptionOf = new Map(subscriptions.map((row) => [row.id, toSubscription(row)]));
      return places.map(({ partnerId, partnerName, status, subscriptionId }) => ({
        partnerId,
        partnerName,
        isActive: status === 'active',
        grant: grantOf.get(partnerId),
        subscriptionId: subscriptionId ?? undefined,
        subscription: subscriptionId === null ? undefined : subscriptionOf.get(subscriptionId),
      }));
    },
  };
}

type Place = {
  partnerId: PartnerId;
  partnerName: string;
  status: string;
  subscriptionId: SubscriptionId | null;
};

/**
 * Each reader once for each of its subscriptions, once without any; the owner for its own subscriptions only; whoever is
 * asked for by name in any case.
 */
function placesOf(db: Postgres['db'], list: ReaderList): Promise<Place[]> {
  const { topicId, partnerId, subscriptionId, sinceMs, after, limit } = list;
  const isIn = Prisma.sql`s.topic_id = ${topicId} AND (s.deleted_at IS NULL OR s.deleted_at >= ${new Date(sinceMs)})`;
  const and = [
    ...(partnerId === undefined ? [] : [Prisma.sql`p.id = ${partnerId}`]),
    ...(subscriptionId === undefined ? [] : [Prisma.sql`s.id = ${subscriptionId}`]),
    ...(after === undefined
      ? []
      : [Prisma.sql`(p.id, COALESCE(s.id, '')) > (${after.partnerId}, ${after.subscriptionId ?? ''})`]),
  ];
  const asked =
    partnerId === undefined
      ? Prisma.empty
      : Prisma.sql`UNION SELECT id FROM partners WHERE id = ${partnerId}`;
  const where = and.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(and, ' AND ')}`;
  return db.$queryRaw<Place[]>`
    WITH readers AS (
      SELECT g.partner_id FROM grants g WHERE g.topic_id = ${topicId}
      UNION SELECT s.partner_id FROM subscriptions s WHERE ${isIn}
      ${asked}
    )
    SELECT p.id AS "partnerId", p.name AS "partnerName", p.status, s.id AS "subscriptionId"
    FROM readers r
      JOIN partners p ON p.id = r.partner_id
      LEFT JOIN subscriptions s ON s.partner_id = p.id AND ${isIn}
    ${where}
    ORDER BY p.id, COALESCE(s.id, '')
    LIMIT ${limit}`;
}
