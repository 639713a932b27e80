import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Tx } from './client.ts';

/**
 * Tells caches that the grants or subscriptions of a topic change. It also locks the topic's row, so that
 * changes around one topic run one after another: call it first in the transaction, and `appendAudit` last,
 * or two transactions may wait for each other. False when the topic is deleted.
 */
export async function bumpRouting(tx: Tx, topicId: TopicId): Promise<boolean> {
  const updated = await tx.$executeRaw`
    UPDATE topics SET routing_version = routing_version + 1 WHERE id = ${topicId} AND deleted_at IS NULL`;
  return updated === 1;
}

/** The same for every topic that a partner owns or was let into: when it is suspended, renamed or let back in. */
export async function bumpRoutingOfPartner(tx: Tx, partnerId: PartnerId): Promise<void> {
  await tx.$executeRaw`
    UPDATE topics SET routing_version = routing_version + 1
    WHERE id IN (
      SELECT id FROM topics WHERE partner_id = ${partnerId}
        OR id IN (SELECT topic_id FROM grants WHERE partner_id = ${partnerId})
      ORDER BY id FOR UPDATE)`;
}
