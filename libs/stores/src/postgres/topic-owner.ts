import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Tx } from './client.ts';

/** Whose topic it is, also of one that was deleted. */
export async function ownerOf(tx: Tx, topicId: TopicId): Promise<PartnerId> {
  const topic = await tx.topic.findUniqueOrThrow({ where: { id: topicId }, select: { partnerId: true } });
  return topic.partnerId as PartnerId;
}
