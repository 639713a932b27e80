import type { CompanyLimits } from '@anika/core/company-limits';
import { Failure } from '@anika/core/failures';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Tx } from './client.ts';
import type { Prisma } from './generated/client.ts';
import { readLimitsColumn } from './json-column.ts';

type Kind = keyof CompanyLimits;

const NAMES: Readonly<Record<Kind, string>> = {
  keys: 'API keys',
  users: 'users and open invitations',
  topics: 'topics',
  grants: 'active grants on its topics',
  subscriptions: 'subscriptions',
};

const COUNTS: Readonly<Record<Kind, (tx: Tx, partnerId: PartnerId, atMs: number) => Promise<number>>> = {
  keys: (tx, partnerId, atMs) =>
    tx.apiKey.count({ where: { partnerId, revokedAt: null, ...notExpired(atMs) } }),
  // Whoever is invited will be one: to accept an invitation never needs more room than it had.
  users: async (tx, partnerId, atMs) => {
    const open = { acceptedAt: null, withdrawnAt: null, expiresAt: { gt: new Date(atMs) } };
    return (
      (await tx.user.count({ where: { partnerId } })) +
      (await tx.invitation.count({ where: { partnerId, ...open } }))
    );
  },
  topics: (tx, partnerId) => tx.topic.count({ where: { partnerId, deletedAt: null, system: false } }),
  grants: (tx, ownerId, atMs) =>
    tx.grant.count({ where: { topic: { partnerId: ownerId, deletedAt: null }, ...activeGrants(atMs) } }),
  subscriptions: (tx, partnerId) => tx.subscription.count({ where: { partnerId, deletedAt: null } }),
};

function notExpired(atMs: number) {
  return { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(atMs) } }] };
}

function activeGrants(atMs: number): Prisma.GrantWhereInput {
  return { revokedAt: null, ...notExpired(atMs) };
}

export type OneMore = { readonly kind: Kind; readonly partnerId: PartnerId; readonly atMs: number };

/**
 * Makes room for one more of a kind, or rejects with `limit-reached`. The lock lasts to the end of the transaction: of
 * two at once the second counts what the first has made. Called before other locks are taken, one kind a transaction.
 */
export async function keepLimit(
  tx: Tx,
  limits: CompanyLimits,
  { kind, partnerId, atMs }: OneMore,
): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`limit ${kind} ${partnerId}`}, 0))::text`;
  const row = await tx.partner.findUnique({ where: { id: partnerId }, select: { limits: true } });
  const limit = readLimitsColumn(row?.limits ?? {})[kind] ?? limits[kind];
  const count = await COUNTS[kind](tx, partnerId, atMs);
  if (count < limit) return;
  throw new Failure(
    'limit-reached',
    `The company has ${count} ${NAMES[kind]}, and may have ${limit} (limit "${kind}")`,
  );
}

/** A grant that is active already may be changed, however many there are. */
export async function keepGrantLimit(
  tx: Tx,
  limits: CompanyLimits,
  grant: { ownerId: PartnerId; topicId: TopicId; partnerId: PartnerId; atMs: number },
): Promise<void> {
  const { ownerId, topicId, partnerId, atMs } = grant;
  const same = await tx.grant.count({ where: { topicId, partnerId, ...activeGrants(atMs) } });
  if (same === 0) await keepLimit(tx, limits, { kind: 'grants', partnerId: ownerId, atMs });
}
