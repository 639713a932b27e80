import { SCOPES } from '@anika/core/access';
import type { ApiKey } from '@anika/core/api-key';
import type { ApiKeyId, PartnerId, UserId } from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres } from './client.ts';
import { keepLimit } from './company-limits.ts';
import type { ApiKey as ApiKeyRow } from './generated/client.ts';
import { idsBefore, optionalDate, type Page } from './page.ts';

/** `hash` is lower-case hex SHA-256 of the key, which itself is not kept. */
type NewApiKey = Omit<ApiKey, 'createdAtMs' | 'lastUsedAtMs'> & { readonly hash: string };

export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id as ApiKeyId,
    partnerId: row.partnerId as PartnerId,
    createdBy: row.createdBy as UserId,
    name: row.name,
    hint: row.hint,
    // One that only a later version knows gives no right here.
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt?.getTime(),
    lastUsedAtMs: row.lastUsedAt?.getTime(),
  };
}

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>;

export function createApiKeyStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    create(key: NewApiKey, change: Change): Promise<ApiKey> {
      const { expiresAtMs, scopes, ...rest } = key;
      return postgres.transaction(async (tx) => {
        const room = { kind: 'keys', partnerId: key.partnerId, atMs: change.atMs } as const;
        await keepLimit(tx, postgres.companyLimits, room);
        const row = await tx.apiKey.create({
          data: {
            ...rest,
            scopes: [...scopes],
            expiresAt: optionalDate(expiresAtMs),
            createdAt: new Date(change.atMs),
          },
        });
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'key.created',
          subjectId: key.id,
          partnerIds: [key.partnerId],
          after: {
            name: key.name,
            scopes: [...scopes],
            expiresAt: optionalDate(expiresAtMs)?.toISOString() ?? null,
          },
        });
        return toApiKey(row);
      });
    },

    /** Those that are not revoked. */
    async list(partnerId: PartnerId, { after, limit }: Page): Promise<ApiKey[]> {
      const rows = await db.apiKey.findMany({
        where: { partnerId, revokedAt: null, ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toApiKey);
    },

    /** False: the partner has no such key. */
    revoke(id: ApiKeyId, change: Change & { partnerId: PartnerId }): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const [row] = await tx.apiKey.updateManyAndReturn({
          where: { id, partnerId: change.partnerId, revokedAt: null },
          data: { revokedAt: new Date(change.atMs) },
        });
        if (row === undefined) return false;
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'key.revoked',
          subjectId: id,
          partnerIds: [change.partnerId],
          before: { name: row.name, scopes: row.scopes },
        });
        return true;
      });
    },

    async findByHash(
      hash: string,
    ): Promise<{ key: ApiKey; partnerActive: boolean; revoked: boolean } | undefined> {
      const row = await db.apiKey.findUnique({
        where: { hash },
        include: { partner: { select: { status: true } } },
      });
      if (row === null) return undefined;
      const partnerActive = row.partner.status === 'active';
      return { key: toApiKey(row), partnerActive, revoked: row.revokedAt !== null };
    },

    /** Notes that keys were used. */
    async touch(ids: readonly ApiKeyId[], atMs: number): Promise<void> {
      const at = new Date(atMs);
      await db.apiKey.updateMany({
        where: { id: { in: [...ids] }, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: at } }] },
        data: { lastUsedAt: at },
      });
    },
  };
}
