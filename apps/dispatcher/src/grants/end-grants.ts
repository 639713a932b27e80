import type { Grant } from '@anika/core/access';
import type { GrantId, PartnerId, TopicId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';

type Ending = { readonly id: GrantId; readonly topicId: TopicId };
type Expiring = { readonly grant: Grant; readonly ownerId: PartnerId; readonly days: number };

export type EndGrantsNeeds = {
  readonly findEnded: (nowMs: number) => Promise<readonly Ending[]>;
  /** Nobody renews the grant while `cancel` runs; false when it is not at its end after all. */
  readonly end: (ending: Ending, nowMs: number, cancel: (grant: Grant) => Promise<void>) => Promise<boolean>;
  /** What is queued or held for the reader ends cancelled. */
  readonly cancelDeliveries: (grant: Grant, nowMs: number) => Promise<void>;
  /** The notices due this many days before the end, each once. */
  readonly claimExpiring: (days: number, nowMs: number) => Promise<readonly Expiring[]>;
  /** Tells the reader's endpoints; never rejects. */
  readonly notify: (expiring: Expiring) => Promise<void>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** How many days before the end both companies are told; the nearest first. */
const NOTICE_DAYS = [1, 7] as const;

/**
 * Ends what has come to its end: nothing of it stays queued. No delivery waits for this to be refused, each is
 * authorised right before it is sent. Then the notices of the ends to come.
 */
export function createEndGrants(needs: EndGrantsNeeds): () => Promise<void> {
  const { clock, logger } = needs;
  return async () => {
    const nowMs = clock.now();
    for (const ending of await needs.findEnded(nowMs)) {
      const ended = await needs.end(ending, nowMs, (grant) => needs.cancelDeliveries(grant, nowMs));
      if (ended) logger.info({ grantId: ending.id, topicId: ending.topicId }, 'grant expired');
    }
    for (const days of NOTICE_DAYS) {
      for (const expiring of await needs.claimExpiring(days, clock.now())) await needs.notify(expiring);
    }
  };
}
