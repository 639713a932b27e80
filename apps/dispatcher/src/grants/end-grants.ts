import type { Grant } from '@anika/core/access';
import type { GrantId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';

type Ending = { readonly id: GrantId; readonly topicId: TopicId };

export type EndGrantsNeeds = {
  readonly findEnded: (nowMs: number) => Promise<readonly Ending[]>;
  /** Nobody renews the grant while `cancel` runs; false when it is not at its end after all. */
  readonly end: (ending: Ending, nowMs: number, cancel: (grant: Grant) => Promise<void>) => Promise<boolean>;
  /** Of the reader, on the topic. */
  readonly subscriptionsOf: (grant: Grant) => Promise<readonly SubscriptionId[]>;
  /** What is queued or held for them ends cancelled. */
  readonly cancelOpen: DeliveryStore['cancelOpen'];
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/**
 * Ends what has come to its end: nothing of it stays queued. No delivery waits for this to be refused, each is
 * authorised right before it is sent.
 */
export function createEndGrants(needs: EndGrantsNeeds): () => Promise<void> {
  const { clock, logger } = needs;
  return async () => {
    const nowMs = clock.now();
    for (const ending of await needs.findEnded(nowMs)) {
      const ended = await needs.end(ending, nowMs, async (grant) => {
        await needs.cancelOpen(await needs.subscriptionsOf(grant), 'grant-expired', nowMs);
      });
      if (ended) logger.info({ grantId: ending.id, topicId: ending.topicId }, 'grant expired');
    }
  };
}
