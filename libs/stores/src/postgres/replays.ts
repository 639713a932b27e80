import { Failure } from '@anika/core/failures';
import type { PartnerId, ReplayId, SubscriptionId } from '@anika/core/ids';
import type { Replay, ReplayCounts, ReplayStatus, ReplayWish } from '@anika/core/replay/replay';
import type { ReplayTransition } from '@anika/core/replay/transition';
import { auditedBy, type Change } from './actor.ts';
import { type AuditInput, appendAudit } from './audit.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import { idsBefore, type Page } from './page.ts';
import { replayAuditView, statusColumns, toReplay } from './replay-row.ts';
import { ownerOf } from './topic-owner.ts';

export type NewReplay = ReplayWish &
  Pick<Replay, 'id' | 'subscriptionId' | 'partnerId' | 'topicId' | 'perSecond'>;

/** A replay that one dispatcher goes on with for a moment; should it die, another one does after `untilMs`. */
export type Lease = { readonly by: string; readonly untilMs: number };
export type LeasedReplay = { readonly replay: Replay; readonly lease: Lease };

/** How far a dispatcher has come. */
export type ReplayProgress = {
  readonly position?: Replay['position'];
  readonly isRead?: boolean;
  readonly moreMatched?: number;
  readonly dueAtMs: number;
};

type MovedReplay = { readonly before: Replay; readonly after: Replay; readonly transition: ReplayTransition };

/** So many of one company are worked on at a time; the others wait for their turn. */
const AT_ONCE_OF_COMPANY = 5;
/** So many of one company may not have ended, or be about to begin: each is looked at again and again. */
const OPEN_OF_COMPANY = 50;

export type ReplayStore = ReturnType<typeof createReplayStore>;

export function createReplayStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Rejects with `conflict` where the subscription has one that has not ended, with `limit-reached`. */
    async create(replay: NewReplay, change: Change): Promise<Replay> {
      try {
        return await postgres.transaction(async (tx) => {
          await keepReplayLimit(tx, replay.partnerId);
          return insertReplay(tx, replay, change);
        });
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        const detail =
          'Cannot start a replay: the subscription has one that is running or paused; stop it first';
        throw new Failure('conflict', detail, { cause: error });
      }
    },

    async find(id: ReplayId, partnerId: PartnerId): Promise<Replay | undefined> {
      const row = await db.replay.findFirst({ where: { id, partnerId } });
      return row === null ? undefined : toReplay(row);
    },

    /** Newest first. */
    async list(
      partnerId: PartnerId,
      { subscriptionId, after, limit }: Page & { readonly subscriptionId: SubscriptionId | undefined },
    ): Promise<Replay[]> {
      const rows = await db.replay.findMany({
        where: { partnerId, ...(subscriptionId !== undefined && { subscriptionId }), ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toReplay);
    },

    /** `decide` is given what is there, while nobody else can change it. Undefined: the partner has no such replay. */
    move(
      { id, partnerId }: Pick<Replay, 'id' | 'partnerId'>,
      decide: (before: Replay) => ReplayTransition,
      change: Change & { readonly action: string },
    ): Promise<MovedReplay | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lock(tx, id);
        if (before === undefined || before.partnerId !== partnerId) return undefined;
        const transition = decide(before);
        if (transition.kind === 'refused') return { before, after: before, transition };
        const after = await writeStatus(tx, before, { status: transition.status, atMs: change.atMs });
        await appendAudit(tx, {
          ...(await audited(tx, after, auditedBy(change))),
          action: change.action,
          before: statusColumns(before),
          after: statusColumns(after),
        });
        return { before, after, transition };
      });
    },

    /** The one that is due longest, for whoever has the lease only. */
    async claim(nowMs: number, lease: Lease): Promise<LeasedReplay | undefined> {
      const now = new Date(nowMs);
      const [claimed] = await db.$queryRaw<{ id: string }[]>`
        UPDATE replays SET leased_by = ${lease.by}, leased_until = ${new Date(lease.untilMs)}
        WHERE id = (
          SELECT r.id FROM replays r
          WHERE r.settled IS NULL AND r.due_at <= ${now} AND (r.leased_until IS NULL OR r.leased_until < ${now})
            AND (r.state <> 'running' OR r.is_read OR (
              SELECT count(*) FROM replays o WHERE o.partner_id = r.partner_id AND o.settled IS NULL
                AND o.state = 'running' AND NOT o.is_read AND o.id < r.id) < ${AT_ONCE_OF_COMPANY})
          ORDER BY r.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id`;
      if (claimed === undefined) return undefined;
      const row = await db.replay.findUniqueOrThrow({ where: { id: claimed.id } });
      return { replay: toReplay(row), lease };
    },

    /** Nothing of a lease that has gone to another: what it did is done again, to no effect. */
    async advance({ replay, lease }: LeasedReplay, progress: ReplayProgress): Promise<void> {
      const { position, isRead, moreMatched, dueAtMs } = progress;
      await db.replay.updateMany({
        where: { id: replay.id, leasedBy: lease.by },
        data: {
          ...(position && { positionAt: new Date(position.acceptedAtMs), positionId: position.id }),
          ...(isRead !== undefined && { isRead }),
          ...(moreMatched !== undefined && { matched: { increment: moreMatched } }),
          dueAt: new Date(dueAtMs),
          leasedBy: null,
          leasedUntil: null,
        },
      });
    },

    /** Nothing where somebody was faster. The broker's own doing in the audit log. */
    become({ replay, lease }: LeasedReplay, status: ReplayStatus, atMs: number): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const before = await lock(tx, replay.id);
        if (before?.state !== replay.state || before.reason !== replay.reason) return false;
        const { count } = await tx.replay.updateMany({
          where: { id: replay.id, leasedBy: lease.by },
          data: { leasedBy: null, leasedUntil: null },
        });
        if (count === 0) return false;
        const after = await writeStatus(tx, before, { status, atMs });
        await appendAudit(tx, {
          ...(await audited(tx, after, byBroker(atMs))),
          action: `replay.${status.state === 'running' ? 'resumed' : status.state}`,
          before: statusColumns(before),
          after: statusColumns(after),
        });
        return true;
      });
    },

    /** Nothing of it is under way any more: what has become of it is kept here. */
    settle({ replay, lease }: LeasedReplay, counts: ReplayCounts, atMs: number): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const before = await lock(tx, replay.id);
        if (before?.state !== replay.state) return false;
        const isStopped = before.state === 'stopped';
        const { count } = await tx.replay.updateMany({
          where: { id: replay.id, leasedBy: lease.by },
          data: {
            settled: { ...counts },
            leasedBy: null,
            leasedUntil: null,
            ...(!isStopped && { ...statusColumns({ state: 'done' }), endedAt: new Date(atMs) }),
          },
        });
        if (count === 0) return false;
        if (isStopped) return true;
        const { delivered, dead, cancelled } = counts;
        await appendAudit(tx, {
          ...(await audited(tx, before, byBroker(atMs))),
          action: 'replay.done',
          after: { matched: before.matched, delivered, dead, cancelled },
        });
        return true;
      });
    },

    /** Of what has ended before a time nobody is told any more; returns how many. */
    async removeEndedBefore(beforeMs: number): Promise<number> {
      const { count } = await db.replay.deleteMany({
        where: { endedAt: { lt: new Date(beforeMs) }, state: { in: ['done', 'stopped'] } },
      });
      return count;
    },
  };
}

/**
 * Makes room for one more, or rejects with `limit-reached`: of two at once the second counts what the first has made.
 * What is to begin with a subscription counts, so that there is room when that becomes active.
 */
export async function keepReplayLimit(tx: Tx, partnerId: PartnerId): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`limit replays ${partnerId}`}, 0))::text`;
  const [open] = await tx.$queryRaw<{ n: bigint }[]>`
    SELECT (SELECT count(*) FROM replays WHERE partner_id = ${partnerId} AND settled IS NULL)
      + (SELECT count(*) FROM subscriptions
         WHERE partner_id = ${partnerId} AND deleted_at IS NULL AND start_from IS NOT NULL) AS n`;
  if (open === undefined || open.n < OPEN_OF_COMPANY) return;
  const detail = `The company has ${open.n} replays that have not ended, the most there may be; stop some`;
  throw new Failure('limit-reached', detail);
}

/** In a transaction of the caller's; rejects where the subscription has one that has not ended. */
export async function insertReplay(tx: Tx, replay: NewReplay, change: Change): Promise<Replay> {
  const at = new Date(change.atMs);
  const row = await tx.replay.create({
    data: {
      id: replay.id,
      subscriptionId: replay.subscriptionId,
      partnerId: replay.partnerId,
      topicId: replay.topicId,
      from: new Date(replay.fromMs),
      to: new Date(replay.toMs),
      types: [...replay.types],
      filter: replay.filter?.text ?? null,
      only: replay.only,
      perSecond: replay.perSecond,
      createdAt: at,
      dueAt: at,
    },
  });
  const created = toReplay(row);
  await appendAudit(tx, {
    ...(await audited(tx, created, auditedBy(change))),
    action: 'replay.started',
    after: replayAuditView(created),
  });
  return created;
}

async function lock(tx: Tx, id: ReplayId): Promise<Replay | undefined> {
  await tx.$queryRaw`SELECT 1 FROM replays WHERE id = ${id} FOR UPDATE`;
  const row = await tx.replay.findUnique({ where: { id } });
  return row === null ? undefined : toReplay(row);
}

async function writeStatus(
  tx: Tx,
  { id }: Replay,
  { status, atMs }: { status: ReplayStatus; atMs: number },
): Promise<Replay> {
  const at = new Date(atMs);
  const data = { ...statusColumns(status), dueAt: at, ...(status.state === 'stopped' && { endedAt: at }) };
  return toReplay(await tx.replay.update({ where: { id }, data }));
}

type Who = Pick<AuditInput, 'at' | 'actorId' | 'actorPartnerId' | 'remoteAddress'>;

function byBroker(atMs: number): Who {
  return { at: new Date(atMs), actorId: undefined, actorPartnerId: undefined, remoteAddress: undefined };
}

/** For the reader's log and the owner's. */
async function audited(tx: Tx, { id, topicId, partnerId }: Replay, who: Who) {
  return { ...who, topicId, subjectId: id, partnerIds: [partnerId, await ownerOf(tx, topicId)] };
}
