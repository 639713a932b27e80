import { changeLimits, type LimitsPatch } from '@anika/core/company-limits';
import { Failure } from '@anika/core/failures';
import type { PartnerId, UserId } from '@anika/core/ids';
import { PARTNER_STATUSES, type Partner } from '@anika/core/partner';
import type { User } from '@anika/core/user';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import type { Partner as PartnerRow } from './generated/client.ts';
import { readLimitsColumn } from './json-column.ts';
import { idsBefore, type Page } from './page.ts';
import { bumpRoutingOfPartner } from './routing-version.ts';
import { toUser } from './user-row.ts';
import { wordColumn } from './word-column.ts';

type NewPartner = {
  readonly id: PartnerId;
  readonly name: string;
  readonly admin: { readonly id: UserId; readonly email: string; readonly passwordHash: string };
};
type PartnerPatch = Partial<Pick<Partner, 'name' | 'status' | 'secondFactorRequired'>> & {
  readonly limits?: LimitsPatch | undefined;
};

const readStatus = wordColumn('partners.status', PARTNER_STATUSES);

export function toPartner(row: PartnerRow): Partner {
  return {
    id: row.id as PartnerId,
    name: row.name,
    status: readStatus(row.status),
    limits: readLimitsColumn(row.limits),
    secondFactorRequired: row.secondFactorRequired,
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}

/** Changes of one partner and its users run one after another; other tables may go on pointing to it. */
export async function lockPartner(tx: Tx, id: PartnerId): Promise<void> {
  await tx.$queryRaw`SELECT id FROM partners WHERE id = ${id} FOR NO KEY UPDATE`;
}

export type PartnerStore = ReturnType<typeof createPartnerStore>;

export function createPartnerStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** With its first admin. Rejects with `conflict` when the email is somebody's. */
    async create(partner: NewPartner, change: Change): Promise<{ partner: Partner; admin: User }> {
      try {
        return await postgres.transaction((tx) => insertPartner(tx, partner, change));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new Failure('conflict', `The email ${partner.admin.email} is in use`, { cause: error });
      }
    },

    async find(id: PartnerId): Promise<Partner | undefined> {
      const row = await db.partner.findUnique({ where: { id } });
      return row === null ? undefined : toPartner(row);
    },

    async list({ after, limit }: Page): Promise<Partner[]> {
      const rows = await db.partner.findMany({
        where: idsBefore(after),
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toPartner);
    },

    /** Suspending also ends the sessions of its users. Undefined: no such partner. */
    update(id: PartnerId, patch: PartnerPatch, change: Change): Promise<Partner | undefined> {
      return postgres.transaction(async (tx) => {
        await bumpRoutingOfPartner(tx, id);
        await lockPartner(tx, id);
        const before = await tx.partner.findUnique({ where: { id } });
        if (before === null) return undefined;
        const limits = changeLimits(readLimitsColumn(before.limits), patch.limits ?? {});
        const { name = before.name, status = before.status } = patch;
        const { secondFactorRequired = before.secondFactorRequired } = patch;
        const after = await tx.partner.update({
          where: { id },
          data: { name, status, limits, secondFactorRequired, updatedAt: new Date(change.atMs) },
        });
        if (after.status === 'suspended') await endSessions(tx, id);
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'partner.updated',
          subjectId: id,
          partnerIds: [id],
          before: auditView(before),
          after: auditView(after),
        });
        return toPartner(after);
      });
    },

    /** Active partners whose name holds `q`, whatever its case. */
    directory(options: Page & { q: string | undefined }): Promise<{ id: PartnerId; name: string }[]> {
      return namedLike(postgres, options);
    },
  };
}

/** Limits, and a demanded second factor, are said where there are any. */
function auditView({ name, status, limits, secondFactorRequired }: PartnerRow) {
  const own = readLimitsColumn(limits);
  return {
    name,
    status,
    ...(Object.keys(own).length > 0 && { limits: own }),
    ...(secondFactorRequired && { secondFactorRequired }),
  };
}

async function insertPartner(tx: Tx, { id, name, admin }: NewPartner, change: Change) {
  const at = new Date(change.atMs);
  const times = { createdAt: at, updatedAt: at };
  const partner = await tx.partner.create({ data: { id, name, ...times } });
  const user = await tx.user.create({ data: { ...admin, partnerId: id, role: 'admin', ...times } });
  const entry = { ...auditedBy(change), partnerIds: [id] };
  await appendAudit(tx, { ...entry, action: 'partner.created', subjectId: id, after: { name } });
  await appendAudit(tx, {
    ...entry,
    action: 'user.created',
    subjectId: admin.id,
    after: { role: 'admin' },
  });
  return { partner: toPartner(partner), admin: toUser(user) };
}

async function endSessions(tx: Tx, partnerId: PartnerId): Promise<void> {
  // In one order, so that two of these do not wait for each other. The lock that opening a session takes, too.
  await tx.$queryRaw`SELECT id FROM users WHERE partner_id = ${partnerId} ORDER BY id FOR NO KEY UPDATE`;
  // By hand: to Prisma it would be a change of each user, with a time of its own.
  await tx.$executeRaw`UPDATE users SET credentials_version = credentials_version + 1 WHERE partner_id = ${partnerId}`;
}

/** The ICU collation folds the case of every script, whatever locale the database was made with. */
function namedLike({ db }: Postgres, { q, after, limit }: Page & { q: string | undefined }) {
  return db.$queryRaw<{ id: PartnerId; name: string }[]>`
    SELECT id, name FROM partners
    WHERE status = 'active'
      AND (${after ?? null}::text IS NULL OR id < ${after ?? null}::text)
      AND position(lower(${q?.normalize('NFC') ?? ''}::text COLLATE "und-x-icu")
                   IN lower(name COLLATE "und-x-icu")) > 0
    ORDER BY id DESC LIMIT ${limit}`;
}
