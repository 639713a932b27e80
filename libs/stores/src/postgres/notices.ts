import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import {
  type AboutSubscription,
  DEAD_EVERY_MS,
  type DeadLetters,
  deadNotice,
  FAILING_MS,
  failingNotice,
} from '@anika/core/notice/endpoint-notices';
import { type AuditFacts, type Names, noticesFromAudit } from '@anika/core/notice/from-audit';
import type { KeptNotice, Notice, RefuseNotice } from '@anika/core/notice/notice';
import type { Postgres, Tx } from './client.ts';
import type { AuditEntry } from './generated/client.ts';
import { queueNoticeMails } from './notice-mail-queue.ts';
import { ensureNoticesTopics } from './notices-topic.ts';

/** Keeps notices, each once whatever becomes of the transaction that it is asked in, but those that it refuses. */
export type KeepNotices = (
  notices: readonly Notice[],
  refuse: RefuseNotice,
) => Promise<readonly KeptNotice[]>;

export type NoticeStoreOptions = {
  readonly keep: KeepNotices;
  /** Told of what was refused when that is settled: until then it is tried again. */
  readonly putDown: RefuseNotice;
  /** Whether notices are mailed. */
  readonly mails: boolean;
};

/** Entries of the audit log in one transaction. */
const ENTRIES = 100;
/** So long it is looked for dead letters that were noted and are not there. */
const UNSEEN_MS = 60_000;
/** Subscriptions at once; the others follow with the next look. */
const SUBSCRIPTIONS = 50;

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/** What is to be told, and the note that it was: both in one transaction, so that nothing is left out. */
export function createNoticeStore(postgres: Postgres, { keep, putDown, mails }: NoticeStoreOptions) {
  const { db } = postgres;

  type Tell = (notices: readonly Notice[], nowMs: number) => Promise<void>;

  /** What was refused is told after the commit: whoever fails before it comes again, with the same notices. */
  async function telling<R>(work: (tx: Tx, tell: Tell) => Promise<R>): Promise<R> {
    const refused: Parameters<RefuseNotice>[] = [];
    const result = await postgres.transaction((tx) =>
      work(tx, async (notices, nowMs) => {
        if (notices.length === 0) return;
        await ensureNoticesTopics(tx, [...new Set(notices.map(({ partnerId }) => partnerId))], nowMs);
        const kept = await keep(notices, (...each) => refused.push(each));
        if (mails) await queueNoticeMails(tx, kept, nowMs);
      }),
    );
    for (const [notice, reason] of refused) putDown(notice, reason);
    return result;
  }

  return {
    /** Tells what is new in the audit log; returns whether there is more. Of processes at once, one does so. */
    async tellAudit(nowMs: number): Promise<boolean> {
      const [behind] = await db.$queryRaw<unknown[]>`
        SELECT 1 FROM notice_cursors WHERE name = 'audit' AND seq < (SELECT max(seq) FROM audit_entries)`;
      if (behind === undefined) return false;
      return telling(async (tx, tell) => {
        const [cursor] = await tx.$queryRaw<{ seq: bigint }[]>`
          SELECT seq FROM notice_cursors WHERE name = 'audit' FOR UPDATE SKIP LOCKED`;
        if (cursor === undefined) return false;
        const entries = await tx.auditEntry.findMany({
          where: { seq: { gt: cursor.seq } },
          orderBy: { seq: 'asc' },
          take: ENTRIES,
        });
        const last = entries.at(-1);
        if (last === undefined) return false;
        const facts = entries.map(toFacts);
        const names = await namesOf(tx, facts);
        await tell(
          facts.flatMap((each) => noticesFromAudit(each, names)),
          nowMs,
        );
        await tx.noticeCursor.update({ where: { name: 'audit' }, data: { seq: last.seq } });
        return entries.length === ENTRIES;
      });
    },

    /** Active subscriptions whose endpoint has only failed for a while, and of which that was not told this hour. */
    async findFailing(nowMs: number): Promise<SubscriptionId[]> {
      const rows = await db.$queryRaw<{ id: SubscriptionId }[]>`
        SELECT s.id FROM subscriptions s LEFT JOIN notice_marks m ON m.subscription_id = s.id
        WHERE s.failing_since <= ${iso(nowMs - FAILING_MS)}::timestamptz AND s.state = 'active' AND s.deleted_at IS NULL
          AND date_trunc('hour', m.failing_noticed) IS DISTINCT FROM date_trunc('hour', s.failing_since)
        LIMIT ${SUBSCRIPTIONS}`;
      return rows.map(({ id }) => id);
    },

    tellFailing(id: SubscriptionId, nowMs: number): Promise<void> {
      return telling(async (tx, tell) => {
        const [marked] = await tx.$queryRaw<{ since: Date }[]>`
          INSERT INTO notice_marks AS m (subscription_id, failing_noticed)
          SELECT id, failing_since FROM subscriptions
          WHERE id = ${id} AND failing_since IS NOT NULL AND state = 'active' AND deleted_at IS NULL
          ON CONFLICT (subscription_id) DO UPDATE SET failing_noticed = excluded.failing_noticed
          WHERE date_trunc('hour', m.failing_noticed) IS DISTINCT FROM date_trunc('hour', excluded.failing_noticed)
          RETURNING failing_noticed AS since`;
        if (marked === undefined) return;
        const about = await aboutOf(tx, id);
        if (about !== undefined) await tell([failingNotice(about, marked.since.getTime(), nowMs)], nowMs);
      });
    },

    /** Subscriptions with dead letters that may be told by now. */
    async findDead(nowMs: number): Promise<SubscriptionId[]> {
      const rows = await db.$queryRaw<{ id: SubscriptionId }[]>`
        SELECT subscription_id AS id FROM notice_marks
        WHERE dead_since IS NOT NULL
          AND (dead_noticed_at IS NULL OR dead_noticed_at <= ${iso(nowMs - DEAD_EVERY_MS)}::timestamptz)
        ORDER BY dead_since LIMIT ${SUBSCRIPTIONS}`;
      return rows.map(({ id }) => id);
    },

    /** `lettersSince` is asked while nobody else can note another one: what it does not count is noted after it. */
    tellDead(
      id: SubscriptionId,
      nowMs: number,
      lettersSince: (sinceMs: number) => Promise<Omit<DeadLetters, 'sinceMs'> | undefined>,
    ): Promise<void> {
      return telling(async (tx, tell) => {
        const [mark] = await tx.$queryRaw<{ since: Date }[]>`
          SELECT dead_since AS since FROM notice_marks
          WHERE subscription_id = ${id} AND dead_since IS NOT NULL
            AND (dead_noticed_at IS NULL OR dead_noticed_at <= ${iso(nowMs - DEAD_EVERY_MS)}::timestamptz)
          FOR UPDATE SKIP LOCKED`;
        if (mark === undefined) return;
        const sinceMs = mark.since.getTime();
        const about = await aboutOf(tx, id);
        const letters = about && (await lettersSince(sinceMs));
        // They may be about to die. After a while: redriven, or no longer kept.
        if (letters === undefined && nowMs - sinceMs < UNSEEN_MS) return;
        if (about !== undefined && letters !== undefined) {
          await tell([deadNotice(about, { sinceMs, ...letters }, nowMs)], nowMs);
        }
        const data = { deadSince: null, ...(letters && { deadNoticedAt: new Date(nowMs) }) };
        await tx.noticeMark.update({ where: { subscriptionId: id }, data });
      });
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function toFacts(entry: AuditEntry): AuditFacts {
  return {
    hash: entry.hash,
    at: entry.at.toISOString(),
    action: entry.action,
    actorId: entry.actorId ?? undefined,
    actorPartnerId: entry.actorPartnerId ?? undefined,
    topicId: entry.topicId ?? undefined,
    subjectId: entry.subjectId ?? undefined,
    partnerIds: entry.partnerIds.map((id) => id as PartnerId),
    before: entry.before,
    after: entry.after,
  };
}

/** The deleted ones too. */
async function namesOf(tx: Tx, facts: readonly AuditFacts[]): Promise<Names> {
  const topicIds = facts.flatMap(({ topicId }) => (topicId === undefined ? [] : [topicId]));
  const topics = await tx.topic.findMany({
    where: { id: { in: [...new Set(topicIds)] } },
    select: { id: true, name: true, partnerId: true },
  });
  const partnerIds = [...facts.flatMap((each) => each.partnerIds), ...topics.map((topic) => topic.partnerId)];
  const partners = await tx.partner.findMany({
    where: { id: { in: [...new Set(partnerIds)] } },
    select: { id: true, name: true },
  });
  return {
    topics: new Map(topics.map(({ id, name, partnerId }) => [id, { name, ownerId: partnerId as PartnerId }])),
    partners: new Map(partners.map(({ id, name }) => [id, name])),
  };
}

/** Undefined: it is deleted. */
async function aboutOf(tx: Tx, id: SubscriptionId): Promise<AboutSubscription | undefined> {
  const [row] = await tx.$queryRaw<AboutSubscription[]>`
    SELECT s.id, s.partner_id AS "partnerId", s.topic_id AS "topicId", t.name AS "topicName",
      o.id AS "ownerId", o.name AS "ownerName"
    FROM subscriptions s JOIN topics t ON t.id = s.topic_id JOIN partners o ON o.id = t.partner_id
    WHERE s.id = ${id} AND s.deleted_at IS NULL`;
  return row;
}
