import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { AuditLog } from '@anika/stores/postgres/audit-log';

type Needs = {
  readonly append: AuditLog['appendEvent'];
  readonly findTopic: (id: TopicId) => Promise<{ readonly owner: { readonly id: PartnerId } } | undefined>;
  readonly clock: { now(): number };
};

/** What was started again, in the audit log of both sides. */
export function createRecordRestarts({ append, findTopic, clock }: Needs) {
  return {
    resent: (
      { id, topicId, partnerId, ownerId }: Pick<Delivery, 'id' | 'topicId' | 'partnerId' | 'ownerId'>,
      by: PartnerCaller,
    ): Promise<void> =>
      append(
        { by, atMs: clock.now() },
        { action: 'delivery.resent', topicId, subjectId: id, partnerIds: [partnerId, ownerId] },
      ),

    async redriven(
      { id, topicId, partnerId }: Pick<Subscription, 'id' | 'topicId' | 'partnerId'>,
      redriven: number,
      by: PartnerCaller,
    ): Promise<void> {
      const topic = await findTopic(topicId);
      const partnerIds = topic === undefined ? [partnerId] : [partnerId, topic.owner.id];
      await append(
        { by, atMs: clock.now() },
        { action: 'subscription.redriven', topicId, subjectId: id, partnerIds, after: { redriven } },
      );
    },
  };
}
