import type { Subscription } from '@anika/core/subscription';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres } from './client.ts';

/** Who reads a secret again and again is noted once in so long. */
const NOTED_EVERY_MS = 600_000;

export type SecretReadStore = ReturnType<typeof createSecretReadStore>;

export function createSecretReadStore(postgres: Postgres) {
  return {
    /** It is in the audit log when this resolves, from this time or from a few minutes ago. */
    note({ id, topicId, partnerId }: Subscription, change: Change): Promise<void> {
      const by = auditedBy(change);
      return postgres.transaction(async (tx) => {
        const noted = await tx.$queryRaw<unknown[]>`
          INSERT INTO secret_reads AS r (subscription_id, actor_id, read_at)
          VALUES (${id}, ${by.actorId ?? ''}, ${by.at.toISOString()}::timestamptz)
          ON CONFLICT (subscription_id, actor_id) DO UPDATE SET read_at = excluded.read_at
          WHERE r.read_at <= ${new Date(change.atMs - NOTED_EVERY_MS).toISOString()}::timestamptz
          RETURNING 1`;
        if (noted.length === 0) return;
        const subject = { topicId, subjectId: id, partnerIds: [partnerId] };
        await appendAudit(tx, { ...by, action: 'subscription.secret-read', ...subject });
      });
    },
  };
}
