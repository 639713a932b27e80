import type { ReasonOf } from '@anika/core/delivery/reasons';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Postgres, Tx } from './client.ts';
import { Prisma } from './generated/client.ts';

/** Why whatever waits for a subscription ends cancelled. */
export type CancelReason = Extract<
  ReasonOf<'cancelled'>,
  'grant-revoked' | 'subscription-deleted' | 'topic-deleted'
>;

/** A subscription whose waiting deliveries are to be cancelled. */
export type Cancellation = { readonly id: SubscriptionId; readonly topicId: TopicId };

type Whose = { readonly topicId: TopicId; readonly partnerId?: PartnerId; readonly id?: SubscriptionId };

/** Subscriptions at once; the others follow half a second later. */
const AT_ONCE_MAX = 100;

/**
 * Marks the subscriptions, in the transaction of what ends them and under the topic's lock: whoever dies then, their
 * deliveries are cancelled.
 */
export async function markCancelled(tx: Tx, whose: Whose, reason: CancelReason): Promise<void> {
  await tx.$executeRaw`UPDATE subscriptions SET cancel_reason = ${reason} WHERE ${conditionOf(whose)}`;
}

/** A renewed grant: what still waits is judged by it. */
export async function unmarkCancelled(tx: Tx, whose: Required<Omit<Whose, 'id'>>): Promise<void> {
  await tx.$executeRaw`
    UPDATE subscriptions SET cancel_reason = NULL
    WHERE ${conditionOf(whose)} AND cancel_reason = 'grant-revoked'`;
}

/** Not through Prisma, which would note a change of the subscription. */
function conditionOf({ topicId, partnerId, id }: Whose): Prisma.Sql {
  return Prisma.sql`topic_id = ${topicId}
    AND (${partnerId ?? null}::text IS NULL OR partner_id = ${partnerId ?? null})
    AND (${id ?? null}::text IS NULL OR id = ${id ?? null})`;
}

export type CancellationStore = ReturnType<typeof createCancellationStore>;

export function createCancellationStore(postgres: Postgres) {
  return {
    /** Of all topics, or of one. */
    findDue(topicId?: TopicId): Promise<Cancellation[]> {
      return postgres.db.$queryRaw<Cancellation[]>`
        SELECT id, topic_id AS "topicId" FROM subscriptions
        WHERE cancel_reason IS NOT NULL AND (${topicId ?? null}::text IS NULL OR topic_id = ${topicId ?? null})
        ORDER BY id LIMIT ${AT_ONCE_MAX}`;
    },

    /**
     * Takes the mark off after `cancel`, during which the grant cannot be renewed. False: somebody else did, or the
     * grant was renewed.
     */
    carryOut(
      { id, topicId }: Cancellation,
      cancel: (reason: CancelReason) => Promise<void>,
    ): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM topics WHERE id = ${topicId} FOR UPDATE`;
        const [due] = await tx.$queryRaw<{ reason: CancelReason }[]>`
          SELECT cancel_reason AS reason FROM subscriptions WHERE id = ${id} AND cancel_reason IS NOT NULL`;
        if (due === undefined) return false;
        await cancel(due.reason);
        await tx.$executeRaw`UPDATE subscriptions SET cancel_reason = NULL WHERE id = ${id}`;
        return true;
      });
    },
  };
}
