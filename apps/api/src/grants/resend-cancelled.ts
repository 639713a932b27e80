import type { Grant, PartnerCaller } from '@anika/core/access';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { AuditLog } from '@anika/stores/postgres/audit-log';

type Range = Parameters<DeliveryStore['resendCancelled']>[1];
type Needs = {
  readonly subscriptionsOf: (topicId: TopicId, readerId: PartnerId) => Promise<readonly SubscriptionId[]>;
  readonly resend: DeliveryStore['resendCancelled'];
  readonly requestSweep: () => Promise<unknown>;
  readonly append: AuditLog['appendEvent'];
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock: { now(): number };
};

/** What the end of a grant had cancelled, sent under the one that renewed it. */
export function createResendCancelled({ subscriptionsOf, resend, append, ...needs }: Needs) {
  return {
    /** How many; should Redis be away, the next sweep sends them. */
    async resend(topicId: TopicId, readerId: PartnerId, range: Range): Promise<number> {
      const resent = await resend(await subscriptionsOf(topicId, readerId), range);
      if (resent === 0) return 0;
      await needs.requestSweep().catch((error: unknown) => {
        needs.logger.warn({ err: error, topicId, resent }, 'the next sweep sends them');
      });
      return resent;
    },

    record: ({ id, topicId, partnerId }: Grant, resent: number, by: PartnerCaller): Promise<void> =>
      append(
        { by, atMs: needs.clock.now() },
        {
          action: 'grant.resent',
          topicId,
          subjectId: id,
          partnerIds: [by.partnerId, partnerId],
          after: { resent },
        },
      ),
  };
}
