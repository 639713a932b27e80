import type { PartnerId, TopicId } from '@anika/core/ids';
import { NOTICE_DAYS_KEPT, NOTICES, noticesTopicOf } from '@anika/core/notice/notice';
import type { Db, Tx } from './client.ts';

/** Makes the topics of notices that these companies do not have yet. Any number of processes may do so at once. */
export async function ensureNoticesTopics(
  tx: Tx | Db,
  partnerIds: readonly PartnerId[],
  atMs: number,
): Promise<void> {
  const at = new Date(atMs);
  await tx.topic.createMany({
    data: partnerIds.map((partnerId) => ({
      id: noticesTopicOf(partnerId),
      partnerId,
      name: NOTICES,
      system: true,
      retentionDays: NOTICE_DAYS_KEPT,
      createdAt: at,
      updatedAt: at,
    })),
    skipDuplicates: true,
  });
}

/** Of a company that wants to subscribe to its notices. */
export function createNoticesTopicStore({ db }: { readonly db: Db }) {
  return {
    async ensure(partnerId: PartnerId, atMs: number): Promise<TopicId> {
      await ensureNoticesTopics(db, [partnerId], atMs);
      return noticesTopicOf(partnerId);
    },
  };
}
