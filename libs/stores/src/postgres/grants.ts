import type { Grant } from '@anika/core/access';
import type { GrantId, PartnerId, TopicId } from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import { markCancelled } from './cancellations.ts';
import type { Postgres, Tx } from './client.ts';
import { keepGrantLimit } from './company-limits.ts';
import { idsBefore, type Page } from './page.ts';
import { bumpRouting } from './routing-version.ts';
import { type GrantPatch, grantAuditView, ownsTopic, toGrant, writeGrant } from './write-grant.ts';

type OwnerChange = Change & { readonly ownerId: PartnerId };

export { toGrant } from './write-grant.ts';

export type GrantStore = ReturnType<typeof createGrantStore>;

export function createGrantStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /**
     * Gives, changes or renews a grant: what `patch` leaves out goes back to its default; the very same once more
     * changes nothing. Undefined: the owner has no such topic, or there is no such active partner. Rejects with `conflict` when both are the same.
     */
    async put(
      topicId: TopicId,
      partnerId: PartnerId,
      patch: GrantPatch,
      change: OwnerChange & { id: GrantId },
    ): Promise<Grant | undefined> {
      return postgres.transaction(async (tx) => {
        if (!(await ownsTopic(tx, topicId, change.ownerId))) return undefined;
        const { id, ownerId, atMs } = change;
        await keepGrantLimit(tx, postgres.companyLimits, { ownerId, topicId, partnerId, atMs });
        if (!(await bumpRouting(tx, topicId))) return undefined;
        const written = await writeGrant(tx, { id, topicId, partnerId, ownerId, patch }, change);
        if (written === undefined) return undefined;
        if (written.audit !== undefined) await appendAudit(tx, written.audit);
        return written.grant;
      });
    },

    /**
     * Its owner ends a grant; what waits for the reader is marked to be cancelled. False: there is none, or it is
     * revoked already. An expired one can be revoked.
     */
    revoke(topicId: TopicId, partnerId: PartnerId, change: OwnerChange): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        if (!(await ownsTopic(tx, topicId, change.ownerId))) return false;
        return endGrant(tx, { topicId, partnerId, ownerId: change.ownerId, action: 'grant.revoked' }, change);
      });
    },

    /** The same by the reader itself; returns the topic, or undefined when the reader has no such grant. */
    decline(id: GrantId, change: Change & { readonly partnerId: PartnerId }): Promise<TopicId | undefined> {
      const { partnerId } = change;
      return postgres.transaction(async (tx) => {
        const found = await tx.grant.findFirst({
          where: { id, partnerId, revokedAt: null },
          select: { topicId: true, topic: { select: { partnerId: true } } },
        });
        if (found === null) return undefined;
        const topicId = found.topicId as TopicId;
        const ownerId = found.topic.partnerId as PartnerId;
        const ended = await endGrant(tx, { topicId, partnerId, ownerId, action: 'grant.declined' }, change);
        return ended ? topicId : undefined;
      });
    },

    /** Whatever its state. Undefined also when the topic is deleted. */
    async find(topicId: TopicId, partnerId: PartnerId): Promise<Grant | undefined> {
      const row = await db.grant.findFirst({ where: { topicId, partnerId, topic: { deletedAt: null } } });
      return row === null ? undefined : toGrant(row);
    },

    /** Whatever their state. */
    async listOfTopic(topicId: TopicId, { after, limit }: Page): Promise<Grant[]> {
      const rows = await db.grant.findMany({
        where: { topicId, ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toGrant);
    },

    /** Whatever their state, on topics that are not deleted. */
    async listOfReader(partnerId: PartnerId, { after, limit }: Page): Promise<Grant[]> {
      const rows = await db.grant.findMany({
        where: { partnerId, topic: { deletedAt: null }, ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toGrant);
    },

    /** What the partner may read now. */
    async activeOf(
      partnerId: PartnerId,
      { nowMs, limit }: { nowMs: number; limit: number },
    ): Promise<Grant[]> {
      const rows = await db.grant.findMany({
        where: {
          partnerId,
          revokedAt: null,
          OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(nowMs) } }],
          topic: { deletedAt: null },
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toGrant);
    },
  };
}

type Ending = {
  readonly topicId: TopicId;
  readonly partnerId: PartnerId;
  readonly ownerId: PartnerId;
  readonly action: 'grant.revoked' | 'grant.declined';
};

/** False: somebody else was faster, or the topic is deleted. */
async function endGrant(
  tx: Tx,
  { topicId, partnerId, ownerId, action }: Ending,
  change: Change,
): Promise<boolean> {
  if (!(await bumpRouting(tx, topicId))) return false;
  const at = new Date(change.atMs);
  const [row] = await tx.grant.updateManyAndReturn({
    where: { topicId, partnerId, revokedAt: null },
    data: {
      revokedAt: at,
      revokedBy: action === 'grant.declined' ? 'reader' : 'owner',
      updatedAt: at,
      version: { increment: 1 },
    },
  });
  if (row === undefined) return false;
  await markCancelled(tx, { topicId, partnerId }, 'grant-revoked');
  await appendAudit(tx, {
    ...auditedBy(change),
    action,
    topicId,
    subjectId: row.id,
    partnerIds: [ownerId, partnerId],
    before: grantAuditView(toGrant(row)),
  });
  return true;
}
