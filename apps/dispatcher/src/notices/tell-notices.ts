import type { SubscriptionId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { NoticeStore } from '@anika/stores/postgres/notices';

export type TellNoticesNeeds = {
  readonly store: Pick<NoticeStore, 'tellAudit' | 'findFailing' | 'tellFailing' | 'findDead' | 'tellDead'>;
  readonly lettersSince: (
    id: SubscriptionId,
    sinceMs: number,
  ) => ReturnType<Parameters<NoticeStore['tellDead']>[2]>;
  /** Sends what was kept so far. */
  readonly send: () => Promise<void>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** What has happened since it was looked last becomes notices of the companies that it concerns. */
export function createTellNotices({ store, lettersSince, send, logger, clock }: TellNoticesNeeds) {
  /** Of one company's subscription: what cannot be told now holds up no other notice, and is tried again. */
  async function each(ids: readonly SubscriptionId[], tell: (id: SubscriptionId) => Promise<void>) {
    for (const id of ids) {
      try {
        await tell(id);
      } catch (error) {
        logger.warn({ err: error, subscriptionId: id }, 'notice not given yet');
      }
      await send();
    }
  }

  return async (signal: AbortSignal): Promise<void> => {
    let hasMore = true;
    while (hasMore && !signal.aborted) {
      hasMore = await store.tellAudit(clock.now());
      await send();
    }
    await each(await store.findFailing(clock.now()), (id) => store.tellFailing(id, clock.now()));
    await each(await store.findDead(clock.now()), (id) =>
      store.tellDead(id, clock.now(), (sinceMs) => lettersSince(id, sinceMs)),
    );
  };
}
