import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Route, Target } from '@anika/core/route';
import { inGrace } from '@anika/core/subscription/signing-secrets';
import { transition } from '@anika/core/subscription/transition';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import type { Grant as GrantRow } from './generated/client.ts';
import { GRANT_COLUMNS, SUBSCRIPTION_COLUMNS } from './raw-columns.ts';
import { bumpRouting } from './routing-version.ts';
import { readSecretColumns } from './sealed-columns.ts';
import { type PublicSubscriptionRow, stateColumns, toSubscription } from './subscription-row.ts';
import { toGrant } from './write-grant.ts';

type Disabling = {
  readonly reason: string;
  /** Only when it has been failing since before this; a success in between keeps it active. */
  readonly onlyIfFailingBeforeMs?: number | undefined;
};

export type RoutingStore = ReturnType<typeof createRoutingStore>;

/** What publishing, fan-out and dispatchers read, and what dispatchers note about endpoints. */
export function createRoutingStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Undefined: there is no such topic, or it is deleted. */
    loadRoute: (topicId: TopicId): Promise<Route | undefined> => loadRoute(postgres, topicId),

    /** Of the topics that exist. */
    async routingVersions(topicIds: readonly TopicId[]): Promise<Map<TopicId, number>> {
      const rows = await db.topic.findMany({
        where: { id: { in: [...topicIds] }, deletedAt: null },
        select: { id: true, routingVersion: true },
      });
      return new Map(rows.map((row) => [row.id as TopicId, row.routingVersion]));
    },

    /** Of the subscriptions that exist, in two queries whatever their number. */
    loadTargets: (ids: readonly SubscriptionId[], nowMs: number): Promise<Map<SubscriptionId, Target>> =>
      loadTargets(postgres, ids, nowMs),

    /** Keeps the time of the first failure in a row. */
    async markFailing(id: SubscriptionId, sinceMs: number): Promise<void> {
      await db.subscription.updateMany({
        where: { id, failingSince: null },
        data: { failingSince: new Date(sinceMs) },
      });
    },

    async markHealthy(id: SubscriptionId): Promise<void> {
      await db.subscription.updateMany({
        where: { id, failingSince: { not: null } },
        data: { failingSince: null },
      });
    },

    /** Which of these are active now, asked of the database and no cache. */
    async activeAmong(ids: readonly SubscriptionId[]): Promise<SubscriptionId[]> {
      const rows = await db.subscription.findMany({
        where: { id: { in: [...ids] }, state: 'active', deletedAt: null },
        select: { id: true },
      });
      const active = new Set(rows.map(({ id }) => id));
      return ids.filter((id) => active.has(id));
    },

    /** The broker itself disables an active subscription. False: it is not active, or no longer failing. */
    disable(id: SubscriptionId, disabling: Disabling, atMs: number): Promise<boolean> {
      return postgres.transaction((tx) => disable(tx, id, { ...disabling, at: new Date(atMs) }));
    },

    /** Subscriptions whose endpoint has never answered its challenge. */
    async neverVerified(): Promise<{ id: SubscriptionId; partnerId: PartnerId }[]> {
      const rows = await db.subscription.findMany({
        where: { deletedAt: null, verifiedAt: null, state: { not: 'active' } },
        select: { id: true, partnerId: true },
      });
      return rows.map(({ id, partnerId }) => ({
        id: id as SubscriptionId,
        partnerId: partnerId as PartnerId,
      }));
    },

    /** The deleted ones too: what became of their messages is kept as long as was promised. */
    async retentions(): Promise<{ id: TopicId; retentionDays: number; isDeleted: boolean }[]> {
      const rows = await db.topic.findMany({ select: { id: true, retentionDays: true, deletedAt: true } });
      return rows.map(({ id, retentionDays, deletedAt }) => ({
        id: id as TopicId,
        retentionDays,
        isDeleted: deletedAt !== null,
      }));
    },
  };
}

/**
 * The version is read first: a change in between makes the rest newer than the version says, which a cache
 * finds out, and never older.
 */
async function loadRoute({ db }: Postgres, topicId: TopicId): Promise<Route | undefined> {
  const topic = await db.topic.findFirst({
    where: { id: topicId, deletedAt: null },
    include: { partner: { select: { name: true, status: true } } },
  });
  if (topic === null) return undefined;
  const [grants, subscriptions, suspended] = await Promise.all([
    db.$queryRaw<GrantRow[]>`SELECT ${GRANT_COLUMNS} FROM grants g WHERE g.topic_id = ${topicId}`,
    db.$queryRaw<PublicSubscriptionRow[]>`
      SELECT ${SUBSCRIPTION_COLUMNS} FROM subscriptions s
      WHERE s.topic_id = ${topicId} AND s.deleted_at IS NULL ORDER BY s.id`,
    db.$queryRaw<{ id: PartnerId }[]>`
      SELECT id FROM partners WHERE status = 'suspended' AND (
        id IN (SELECT partner_id FROM grants WHERE topic_id = ${topicId}) OR id = ${topic.partnerId})`,
  ]);
  return {
    topic: {
      id: topicId,
      name: topic.name,
      ownerId: topic.partnerId as PartnerId,
      ownerName: topic.partner.name,
      ownerActive: topic.partner.status === 'active',
      retentionDays: topic.retentionDays,
      schema: topic.schema ?? undefined,
      routingVersion: topic.routingVersion,
    },
    grants: new Map(grants.map((row) => [row.partnerId as PartnerId, toGrant(row)])),
    subscriptions: subscriptions.map(toSubscription),
    suspendedPartners: new Set(suspended.map((row) => row.id)),
  };
}

type TargetContext = {
  subscriptionId: SubscriptionId;
  topicName: string;
  topicDeleted: boolean;
  ownerId: PartnerId;
  ownerName: string;
  ownerStatus: string;
  readerStatus: string;
};

async function loadTargets(
  postgres: Postgres,
  ids: readonly SubscriptionId[],
  nowMs: number,
): Promise<Map<SubscriptionId, Target>> {
  if (ids.length === 0) return new Map();
  const [rows, contexts] = await Promise.all([
    postgres.db.subscription.findMany({ where: { id: { in: [...ids] }, deletedAt: null } }),
    loadContexts(postgres, ids),
  ]);
  const targets = new Map<SubscriptionId, Target>();
  for (const row of rows) {
    const subscription = toSubscription(row);
    const context = contexts.get(subscription.id);
    if (context === undefined) continue;
    const { present, earlier } = inGrace(readSecretColumns(row), nowMs);
    targets.set(subscription.id, {
      subscription,
      sealedSecrets: [present, ...earlier.map(({ sealed }) => sealed)],
      topic: {
        id: subscription.topicId,
        name: context.topicName,
        ownerId: context.ownerId,
        ownerName: context.ownerName,
        deleted: context.topicDeleted,
        ownerActive: context.ownerStatus === 'active',
      },
      readerActive: context.readerStatus === 'active',
      // A left join: all columns of the grant are null when there is none.
      grant: context.id === null ? undefined : toGrant(context),
    });
  }
  return targets;
}

type ContextRow = TargetContext & (GrantRow | { id: null });

async function loadContexts({ db }: Postgres, ids: readonly SubscriptionId[]) {
  const rows = await db.$queryRaw<ContextRow[]>`
    SELECT s.id AS "subscriptionId", t.name AS "topicName", t.deleted_at IS NOT NULL AS "topicDeleted",
      o.id AS "ownerId", o.name AS "ownerName", o.status AS "ownerStatus", r.status AS "readerStatus",
      ${GRANT_COLUMNS}
    FROM subscriptions s
      JOIN topics t ON t.id = s.topic_id
      JOIN partners o ON o.id = t.partner_id
      JOIN partners r ON r.id = s.partner_id
      LEFT JOIN grants g ON g.topic_id = s.topic_id AND g.partner_id = s.partner_id
    WHERE s.id = ANY(${[...ids]}::text[])`;
  return new Map(rows.map((row) => [row.subscriptionId, row]));
}

async function disable(
  tx: Tx,
  id: SubscriptionId,
  { at, ...disabling }: Disabling & { at: Date },
): Promise<boolean> {
  const known = await tx.subscription.findFirst({ where: { id, deletedAt: null } });
  if (known === null || !(await bumpRouting(tx, known.topicId as TopicId))) return false;
  const row = await tx.subscription.findFirst({ where: { id, deletedAt: null } });
  if (row === null) return false;
  const to = transition(toSubscription(row), { kind: 'disable', ...disabling });
  if (to.kind !== 'to') return false;
  // Its health is noted without the lock: a success in between keeps it active.
  const asJudged = disabling.onlyIfFailingBeforeMs === undefined ? {} : { failingSince: row.failingSince };
  const { count } = await tx.subscription.updateMany({
    where: { id, ...asJudged },
    data: { ...stateColumns(to), updatedAt: at },
  });
  if (count === 0) return false;
  await appendAudit(tx, {
    at,
    action: 'subscription.disabled',
    actorId: undefined,
    actorPartnerId: undefined,
    remoteAddress: undefined,
    topicId: row.topicId,
    subjectId: id,
    partnerIds: [row.partnerId],
    before: { state: row.state },
    after: { state: to.state, reason: to.reason ?? null },
  });
  return true;
}
