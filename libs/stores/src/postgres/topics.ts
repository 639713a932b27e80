import { Failure } from '@anika/core/failures';
import type { FieldMask } from '@anika/core/field-mask';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { TOPIC_VISIBILITIES, type Topic, type TopicAccess } from '@anika/core/topic';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import { markCancelled } from './cancellations.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import { keepLimit } from './company-limits.ts';
import { beginTopicErasure } from './erasures.ts';
import type { Prisma, Topic as TopicRow } from './generated/client.ts';
import { exactAuditView, readFieldsColumn } from './json-column.ts';
import { bumpRouting } from './routing-version.ts';
import { wordColumn } from './word-column.ts';

type NewTopic = Omit<Topic, 'owner' | 'createdAtMs' | 'updatedAtMs'> & { readonly ownerId: PartnerId };
type TopicPatch = Partial<Pick<Topic, 'name' | 'description' | 'visibility' | 'retentionDays' | 'schema'>>;
/** With what the caller's grant shows of it, where it has one that hides something. */
export type ListedTopic = { readonly topic: Topic; readonly fields: FieldMask | undefined };
type PageOf = { readonly after: string | undefined; readonly limit: number };

/** Also says why a name is refused: two owners may use the same one, one owner may not. */
async function uniqueName<R>(name: string | undefined, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Failure('conflict', `You have a topic named "${name}" already`, { cause: error });
  }
}

const withOwner = { partner: { select: { id: true, name: true } } } as const;
type TopicWithOwner = TopicRow & { partner: { id: string; name: string } };

const readVisibility = wordColumn('topics.visibility', TOPIC_VISIBILITIES);

export function toTopic(row: TopicWithOwner): Topic {
  return {
    id: row.id as TopicId,
    owner: { id: row.partner.id as PartnerId, name: row.partner.name },
    name: row.name,
    description: row.description ?? undefined,
    visibility: readVisibility(row.visibility),
    retentionDays: row.retentionDays,
    schema: row.schema ?? undefined,
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}

/** A grant that lets its partner read at this time. */
function activeGrantOf(partnerId: PartnerId, atMs: number): Prisma.GrantWhereInput {
  return { partnerId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(atMs) } }] };
}

function auditView(topic: TopicPatch): Prisma.InputJsonObject {
  const { name, description, visibility, retentionDays, schema } = topic;
  return {
    name,
    description: description ?? null,
    visibility,
    retentionDays,
    schema: exactAuditView(schema),
  } as Prisma.InputJsonObject;
}

async function findOwn(tx: Tx, id: TopicId, ownerId: PartnerId): Promise<Topic | undefined> {
  const where = { id, partnerId: ownerId, deletedAt: null, system: false };
  const row = await tx.topic.findFirst({ where, include: withOwner });
  return row === null ? undefined : toTopic(row);
}

export type TopicStore = ReturnType<typeof createTopicStore>;

export function createTopicStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Rejects with `conflict` when the owner has a topic of that name. */
    create(topic: NewTopic, change: Change): Promise<Topic> {
      const { ownerId, schema, description, ...rest } = topic;
      const at = new Date(change.atMs);
      return uniqueName(topic.name, () =>
        postgres.transaction(async (tx) => {
          const room = { kind: 'topics', partnerId: ownerId, atMs: change.atMs } as const;
          await keepLimit(tx, postgres.companyLimits, room);
          const row = await tx.topic.create({
            data: {
              ...rest,
              description: description ?? null,
              schema: schema ?? null,
              partnerId: ownerId,
              createdAt: at,
              updatedAt: at,
            },
            include: withOwner,
          });
          await appendAudit(tx, {
            ...auditedBy(change),
            action: 'topic.created',
            topicId: topic.id,
            subjectId: topic.id,
            partnerIds: [ownerId],
            after: auditView(topic),
          });
          return toTopic(row);
        }),
      );
    },

    async find(id: TopicId): Promise<Topic | undefined> {
      const where = { id, deletedAt: null, system: false };
      const row = await db.topic.findFirst({ where, include: withOwner });
      return row === null ? undefined : toTopic(row);
    },

    /** The same, and a company's topic of notices too: for who reads, not for who changes. */
    async findOfAny(id: TopicId): Promise<Topic | undefined> {
      const row = await db.topic.findFirst({ where: { id, deletedAt: null }, include: withOwner });
      return row === null ? undefined : toTopic(row);
    },

    /** How a partner sees a topic of another one at a time; undefined: not at all. */
    async seenAs(
      id: TopicId,
      partnerId: PartnerId,
      nowMs: number,
    ): Promise<'granted' | 'listed' | undefined> {
      const row = await db.topic.findFirst({
        where: { id, deletedAt: null },
        select: {
          visibility: true,
          partner: { select: { status: true } },
          grants: { where: activeGrantOf(partnerId, nowMs), select: { id: true } },
        },
      });
      if (row === null) return undefined;
      if (row.grants.length > 0) return 'granted';
      return row.visibility === 'listed' && row.partner.status === 'active' ? 'listed' : undefined;
    },

    /** Own topics and those the partner may read now, newest first. */
    async list(partnerId: PartnerId, options: PageOf & { nowMs: number }): Promise<ListedTopic[]> {
      const rows = await db.topic.findMany({
        where: {
          deletedAt: null,
          system: false,
          OR: [{ partnerId }, { grants: { some: activeGrantOf(partnerId, options.nowMs) } }],
          ...(options.after !== undefined && { id: { lt: options.after } }),
        },
        include: {
          ...withOwner,
          grants: { where: activeGrantOf(partnerId, options.nowMs), select: { fields: true } },
        },
        orderBy: { id: 'desc' },
        take: options.limit,
      });
      return rows.map((row) => ({ topic: toTopic(row), fields: readFieldsColumn(row.grants[0]?.fields) }));
    },

    /** The ids of all topics of an owner, newest first. */
    async ownIds(ownerId: PartnerId, limit: number): Promise<TopicId[]> {
      const rows = await db.topic.findMany({
        where: { partnerId: ownerId, deletedAt: null, system: false },
        select: { id: true },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row) => row.id as TopicId);
    },

    /** Undefined: the owner has no such topic. Rejects with `conflict` when the new name is taken. */
    update(
      id: TopicId,
      patch: TopicPatch,
      change: Change & { ownerId: PartnerId },
    ): Promise<Topic | undefined> {
      return uniqueName(patch.name, () =>
        postgres.transaction(async (tx) => {
          if (!(await bumpRouting(tx, id))) return undefined;
          const before = await findOwn(tx, id, change.ownerId);
          if (before === undefined) return undefined;
          const after = { ...before, ...patch, updatedAtMs: change.atMs };
          const { name, description, visibility, retentionDays, schema } = after;
          await tx.topic.update({
            where: { id },
            data: {
              name,
              description: description ?? null,
              visibility,
              retentionDays,
              schema: schema ?? null,
              updatedAt: new Date(change.atMs),
            },
          });
          await appendAudit(tx, {
            ...auditedBy(change),
            action: 'topic.updated',
            topicId: id,
            subjectId: id,
            partnerIds: [change.ownerId],
            before: auditView(before),
            after: auditView(after),
          });
          return after;
        }),
      );
    },

    /**
     * Deletes a topic with its subscriptions, marks what waits for these to be cancelled, and begins to erase its
     * messages. False: the owner has no
     * such topic.
     */
    remove(id: TopicId, change: Change & { ownerId: PartnerId }): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        if (!(await bumpRouting(tx, id))) return false;
        const before = await findOwn(tx, id, change.ownerId);
        if (before === undefined) return false;
        const deletedAt = new Date(change.atMs);
        await tx.subscription.updateMany({ where: { topicId: id, deletedAt: null }, data: { deletedAt } });
        const readers = await tx.grant.findMany({
          where: { topicId: id, revokedAt: null },
          select: { partnerId: true },
        });
        await markCancelled(tx, { topicId: id }, 'topic-deleted');
        await beginTopicErasure(tx, { id, partnerId: change.ownerId }, change.atMs);
        await tx.topic.update({ where: { id }, data: { deletedAt } });
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'topic.deleted',
          topicId: id,
          subjectId: id,
          partnerIds: [change.ownerId, ...readers.map((reader) => reader.partnerId)],
          before: { name: before.name },
        });
        return true;
      });
    },

    /** Listed topics of active partners whose name holds `q`, whatever its case, with what the partner may do. */
    async catalog(
      partnerId: PartnerId,
      options: PageOf & { q: string | undefined; nowMs: number },
    ): Promise<{ topic: Topic; access: TopicAccess }[]> {
      const ids = await namedLike(postgres, options);
      const rows = await db.topic.findMany({
        where: { id: { in: ids } },
        include: {
          ...withOwner,
          grants: { where: activeGrantOf(partnerId, options.nowMs), select: { id: true } },
          accessRequests: { where: { partnerId, state: 'requested' }, select: { id: true } },
        },
        orderBy: { id: 'desc' },
      });
      return rows.map((row) => ({ topic: toTopic(row), access: accessOf(row, partnerId) }));
    },
  };
}

function accessOf(
  row: { partnerId: string; grants: unknown[]; accessRequests: unknown[] },
  partnerId: PartnerId,
): TopicAccess {
  if (row.partnerId === partnerId) return 'owner';
  if (row.grants.length > 0) return 'granted';
  return row.accessRequests.length > 0 ? 'requested' : 'none';
}

/** The ICU collation folds the case of every script, whatever locale the database was made with. */
async function namedLike(
  postgres: Postgres,
  { q, after, limit }: PageOf & { q: string | undefined },
): Promise<string[]> {
  const rows = await postgres.db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM topics t JOIN partners p ON p.id = t.partner_id
    WHERE t.deleted_at IS NULL AND t.visibility = 'listed' AND p.status = 'active'
      AND (${after ?? null}::text IS NULL OR t.id < ${after ?? null}::text)
      AND position(lower(${q?.normalize('NFC') ?? ''}::text COLLATE "und-x-icu")
                   IN lower(t.name COLLATE "und-x-icu")) > 0
    ORDER BY t.id DESC LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
