import { ERASURE_KINDS, ERASURE_STATES, type Erasure } from '@anika/core/erasure';
import { Failure } from '@anika/core/failures';
import {
  type ErasureId,
  type MessageId,
  type PartnerId,
  type TopicId,
  topicErasureId,
} from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import type { Erasure as ErasureRow } from './generated/client.ts';
import { idsBefore, type Page } from './page.ts';
import { wordColumn } from './word-column.ts';

type NewErasure = Pick<Erasure, 'id' | 'partnerId' | 'topicId' | 'kind' | 'reason'> & {
  /** Of what is looked for. */
  readonly sealedCriterion: string;
  readonly criterionHash: string;
};

/** A place in the messages of a company: everything before it is done. */
export type ErasurePosition = {
  readonly topicId: TopicId;
  /** Undefined: at the beginning of the topic. */
  readonly after: { readonly acceptedAtMs: number; readonly id: MessageId } | undefined;
};

/** An erasure in the hands of one dispatcher, for as long as its lease lasts. */
export type ClaimedErasure = Erasure & {
  readonly sealedCriterion: string | undefined;
  readonly position: ErasurePosition | undefined;
};

/** What was done of it. */
export type ErasureProgress = Pick<Erasure, 'matched' | 'erased' | 'proofHash'> & {
  readonly position: ErasurePosition;
};

/** Until then another process may still take a message for a topic that was deleted. */
const ROUTES_FORGET_MS = 5000;

export const TOPIC_DELETED = 'The topic was deleted';

const readKind = wordColumn('erasures.kind', ERASURE_KINDS);
const readState = wordColumn('erasures.state', ERASURE_STATES);

function toErasure(row: ErasureRow): Erasure {
  return {
    id: row.id as ErasureId,
    partnerId: row.partnerId as PartnerId,
    topicId: (row.topicId as TopicId | null) ?? undefined,
    kind: readKind(row.kind),
    criterionHash: row.criterionHash ?? undefined,
    reason: row.reason,
    state: readState(row.state),
    matched: row.matched,
    erased: row.erased,
    proofHash: row.proofHash ?? undefined,
    createdAtMs: row.createdAt.getTime(),
    finishedAtMs: row.finishedAt?.getTime(),
  };
}

function toPosition({ atTopic, atTime, atMessage }: ErasureRow): ErasurePosition | undefined {
  if (atTopic === null) return undefined;
  const after =
    atTime === null || atMessage === null
      ? undefined
      : { acceptedAtMs: atTime.getTime(), id: atMessage as MessageId };
  return { topicId: atTopic as TopicId, after };
}

/** Of a topic that is deleted in this transaction: its messages go with it. */
export async function beginTopicErasure(
  tx: Tx,
  topic: { readonly id: TopicId; readonly partnerId: PartnerId },
  atMs: number,
): Promise<void> {
  const { id: topicId, partnerId } = topic;
  await tx.erasure.create({
    data: {
      ...{ id: topicErasureId(topicId), partnerId, topicId, kind: 'topic', reason: TOPIC_DELETED },
      createdAt: new Date(atMs),
      leaseUntil: new Date(atMs + ROUTES_FORGET_MS),
    },
  });
}

export type ErasureStore = ReturnType<typeof createErasureStore>;

export function createErasureStore(postgres: Postgres) {
  const { db } = postgres;
  return {
    /** Rejects with `limit-reached` when the company has `max` running. */
    create(erasure: NewErasure, { max, ...change }: Change & { max: number }): Promise<Erasure> {
      return postgres.transaction((tx) => insertErasure(tx, erasure, { max, ...change }));
    },

    async find(id: ErasureId, partnerId: PartnerId): Promise<Erasure | undefined> {
      const row = await db.erasure.findFirst({ where: { id, partnerId } });
      return row === null ? undefined : toErasure(row);
    },

    async list(partnerId: PartnerId, { after, limit }: Page): Promise<Erasure[]> {
      const where = { partnerId, ...idsBefore(after) };
      const rows = await db.erasure.findMany({ where, orderBy: { id: 'desc' }, take: limit });
      return rows.map(toErasure);
    },

    ...createErasureWork(postgres),
  };
}

async function insertErasure(
  tx: Tx,
  { sealedCriterion, topicId, ...erasure }: NewErasure,
  { max, ...change }: Change & { max: number },
): Promise<Erasure> {
  const { partnerId, kind, reason } = erasure;
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`erasures ${partnerId}`}, 0))::text`;
  const running = await tx.erasure.count({ where: { partnerId, state: 'running', kind: { not: 'topic' } } });
  if (running >= max) {
    throw new Failure('limit-reached', `The company has ${running} erasures running, and may have ${max}`);
  }
  const row = await tx.erasure.create({
    data: {
      ...erasure,
      topicId: topicId ?? null,
      criterion: sealedCriterion,
      createdBy: change.by.userId,
      createdAt: new Date(change.atMs),
    },
  });
  await appendAudit(tx, {
    ...auditedBy(change),
    action: 'erasure.started',
    topicId,
    subjectId: erasure.id,
    partnerIds: [partnerId],
    after: { by: kind, reason },
  });
  return toErasure(row);
}

/** What dispatchers do: each takes one that nobody has in hands, works a while, and gives it back. */
function createErasureWork(postgres: Postgres) {
  const { db } = postgres;
  return {
    /** The one that nobody has worked on for longest. */
    async claim(
      lease: string,
      time: { nowMs: number; untilMs: number },
    ): Promise<ClaimedErasure | undefined> {
      const [now, until] = [new Date(time.nowMs), new Date(time.untilMs)];
      const claimed = await db.$queryRaw<{ id: string }[]>`
        UPDATE erasures SET lease = ${lease}, lease_until = ${until}, worked_at = ${now}
        WHERE id = (
          SELECT id FROM erasures WHERE state = 'running' AND (lease_until IS NULL OR lease_until < ${now})
          ORDER BY worked_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id`;
      const row = claimed[0] && (await db.erasure.findFirst({ where: { id: claimed[0].id, lease } }));
      if (row === undefined || row === null) return undefined;
      return { ...toErasure(row), sealedCriterion: row.criterion ?? undefined, position: toPosition(row) };
    },

    /** The topic of a company after another one, in the order of their ids; deleted ones too. */
    async nextTopic(partnerId: PartnerId, after: TopicId | undefined): Promise<TopicId | undefined> {
      const row = await db.topic.findFirst({
        where: { partnerId, ...(after !== undefined && { id: { gt: after } }) },
        select: { id: true },
        orderBy: { id: 'asc' },
      });
      return row === null ? undefined : (row.id as TopicId);
    },

    /** False: somebody else has it in hands by now. */
    async advance(
      id: ErasureId,
      { matched, erased, proofHash, position }: ErasureProgress,
      lease: { name: string; untilMs: number },
    ): Promise<boolean> {
      const { topicId, after } = position;
      const { count } = await db.erasure.updateMany({
        where: { id, lease: lease.name },
        data: {
          ...{ matched, erased, proofHash: proofHash ?? null },
          ...{ atTopic: topicId, atMessage: after?.id ?? null },
          atTime: after === undefined ? null : new Date(after.acceptedAtMs),
          leaseUntil: new Date(lease.untilMs),
        },
      });
      return count > 0;
    },

    async release(id: ErasureId, lease: string): Promise<void> {
      await db.erasure.updateMany({ where: { id, lease }, data: { lease: null, leaseUntil: null } });
    },

    /** What was looked for is forgotten. False: somebody else has it in hands by now. */
    finish(id: ErasureId, lease: string, atMs: number): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const at = new Date(atMs);
        const { count } = await tx.erasure.updateMany({
          where: { id, lease, state: 'running' },
          data: { state: 'done', criterion: null, finishedAt: at, lease: null, leaseUntil: null },
        });
        if (count === 0) return false;
        const row = await tx.erasure.findUniqueOrThrow({ where: { id } });
        await appendAudit(tx, {
          ...{ at, actorId: undefined, actorPartnerId: undefined, remoteAddress: undefined },
          action: 'erasure.finished',
          topicId: row.topicId ?? undefined,
          subjectId: id,
          partnerIds: [row.partnerId],
          after: { erased: row.erased, hash: row.proofHash },
        });
        return true;
      });
    },
  };
}
