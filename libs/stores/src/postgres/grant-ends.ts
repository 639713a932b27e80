import type { Grant } from '@anika/core/access';
import type { GrantId, PartnerId, TopicId } from '@anika/core/ids';
import { type AuditInput, appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import { bumpRouting } from './routing-version.ts';
import { grantAuditView, toGrant } from './write-grant.ts';

/** A grant whose end is near; `days` before it is the notice that is due now. */
export type ExpiringGrant = {
  readonly grant: Grant;
  readonly ownerId: PartnerId;
  readonly days: number;
};

type Ending = Pick<Grant, 'id' | 'topicId'>;

const DAY_MS = 86_400_000;
/** Grants that end in the same second; the others follow a second later. */
const AT_ONCE_MAX = 100;

export type GrantEndStore = ReturnType<typeof createGrantEndStore>;

/** The ends of grants, as the broker itself notes them. Any number of processes may do so at once. */
export function createGrantEndStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Those that have come to their end since somebody looked. */
    async findEnded(nowMs: number): Promise<Ending[]> {
      const rows = await db.grant.findMany({
        where: { expiresAt: { lte: new Date(nowMs) }, expiredAt: null, revokedAt: null },
        select: { id: true, topicId: true },
        orderBy: { expiresAt: 'asc' },
        take: AT_ONCE_MAX,
      });
      return rows.map((row) => ({ id: row.id as GrantId, topicId: row.topicId as TopicId }));
    },

    /**
     * Notes the end in the audit log, after `cancel`, during which the grant cannot be renewed. False: it was
     * renewed, revoked or noted meanwhile, and nothing was cancelled.
     */
    end(ending: Ending, nowMs: number, cancel: (grant: Grant) => Promise<void>): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        // The topic's lock; a topic that was deleted meanwhile cancelled everything itself.
        await bumpRouting(tx, ending.topicId);
        const where = {
          id: ending.id,
          expiresAt: { lte: new Date(nowMs) },
          expiredAt: null,
          revokedAt: null,
        };
        const [row] = await tx.grant.updateManyAndReturn({ where, data: { expiredAt: new Date(nowMs) } });
        if (row === undefined) return false;
        const grant = toGrant(row);
        await cancel(grant);
        await appendAudit(tx, await entryOf(tx, grant, { action: 'grant.expired', nowMs }));
        return true;
      });
    },

    /**
     * The notices that are due, each given once: `days` before the end, unless the grant was given later than
     * that. They are in the audit log when this resolves.
     */
    async claimExpiring(days: number, nowMs: number): Promise<ExpiringGrant[]> {
      const until = new Date(nowMs + days * DAY_MS);
      const due = await db.grant.findMany({
        where: {
          expiresAt: { gt: new Date(nowMs), lte: until },
          expiredAt: null,
          revokedAt: null,
          OR: [{ noticedDays: null }, { noticedDays: { gt: days } }],
        },
        take: AT_ONCE_MAX,
      });
      const claimed: ExpiringGrant[] = [];
      for (const row of due) {
        const givenLater = (row.expiresAt?.getTime() ?? 0) - row.updatedAt.getTime() <= days * DAY_MS;
        const notice = await claim(postgres, toGrant(row), { days, nowMs, isSilent: givenLater });
        if (notice !== undefined) claimed.push(notice);
      }
      return claimed;
    },
  };
}

type Claim = { readonly days: number; readonly nowMs: number; readonly isSilent: boolean };

function claim(postgres: Postgres, grant: Grant, { days, nowMs, isSilent }: Claim) {
  return postgres.transaction(async (tx): Promise<ExpiringGrant | undefined> => {
    const { count } = await tx.grant.updateMany({
      where: {
        id: grant.id,
        version: grant.version,
        OR: [{ noticedDays: null }, { noticedDays: { gt: days } }],
      },
      // Not `updatedAt`: nobody has changed the grant.
      data: { noticedDays: days, updatedAt: new Date(grant.updatedAtMs) },
    });
    if (count === 0 || isSilent) return undefined;
    const entry = await entryOf(tx, grant, { action: 'grant.expiring', nowMs, days });
    await appendAudit(tx, entry);
    return { grant, ownerId: entry.ownerId, days };
  });
}

async function entryOf(
  tx: Tx,
  grant: Grant,
  { action, nowMs, days }: { action: string; nowMs: number; days?: number },
): Promise<AuditInput & { ownerId: PartnerId }> {
  const topic = await tx.topic.findUniqueOrThrow({
    where: { id: grant.topicId },
    select: { partnerId: true },
  });
  const view = grantAuditView(grant);
  return {
    at: new Date(nowMs),
    action,
    actorId: undefined,
    actorPartnerId: undefined,
    remoteAddress: undefined,
    topicId: grant.topicId,
    subjectId: grant.id,
    partnerIds: [topic.partnerId, grant.partnerId],
    after: days === undefined ? view : { ...view, daysLeft: days },
    ownerId: topic.partnerId as PartnerId,
  };
}
