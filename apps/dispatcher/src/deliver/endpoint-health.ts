import type { Change } from '@anika/core/change';
import type { SubscriptionId } from '@anika/core/ids';
import { GIVE_UP_MS } from '@anika/core/subscription/health';
import { stateReason } from '@anika/core/subscription/state-reasons';
import type { Logger } from '@anika/runtime/logger';
import type { ReadyTarget } from './ready-target.ts';

export type EndpointHealthNeeds = {
  readonly markFailing: (id: SubscriptionId, sinceMs: number) => Promise<void>;
  readonly markHealthy: (id: SubscriptionId) => Promise<void>;
  readonly disable: (
    id: SubscriptionId,
    disabling: { reason: string; onlyIfFailingBeforeMs?: number | undefined },
    atMs: number,
  ) => Promise<boolean>;
  readonly announce: (change: Change) => void;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** Notes since when an endpoint has only failed, and disables those that are gone or given up. */
export function createEndpointHealth(needs: EndpointHealthNeeds) {
  const { clock } = needs;
  /** Notes under way: a burst of failures is one note. */
  const noting = new Map<SubscriptionId, Promise<void>>();

  /** The delivery's own fate is recorded: what fails here is noted with the next attempt. */
  function once({ target }: ReadyTarget, note: (id: SubscriptionId) => Promise<void>): Promise<void> {
    const { id } = target.subscription;
    const underWay = noting.get(id);
    if (underWay !== undefined) return underWay;
    const work = note(id)
      .then(() => needs.announce({ kind: 'subscription', id }))
      .catch((error: unknown) =>
        needs.logger.warn({ err: error, subscriptionId: id }, 'endpoint state not noted'),
      )
      .finally(() => noting.delete(id));
    noting.set(id, work);
    return work;
  }

  /** Only this changes whom the topic's messages are for: an endpoint that comes and goes disturbs no other. */
  async function disable({ target }: ReadyTarget, reason: string, failingBeforeMs?: number): Promise<void> {
    const { id, topicId } = target.subscription;
    const disabling = { reason, onlyIfFailingBeforeMs: failingBeforeMs };
    if (!(await needs.disable(id, disabling, clock.now()))) return;
    needs.announce({ kind: 'topic', id: topicId });
    needs.logger.warn({ subscriptionId: id, reason }, 'subscription disabled');
  }

  return {
    async succeeded(ready: ReadyTarget): Promise<void> {
      if (ready.target.subscription.failingSinceMs !== undefined) await once(ready, needs.markHealthy);
    },

    async failed(ready: ReadyTarget, gone: boolean): Promise<void> {
      const { failingSinceMs } = ready.target.subscription;
      if (gone) return once(ready, () => disable(ready, stateReason('gone')));
      if (failingSinceMs === undefined) return once(ready, (id) => needs.markFailing(id, clock.now()));
      const limitMs = clock.now() - GIVE_UP_MS;
      if (failingSinceMs > limitMs) return;
      return once(ready, () => disable(ready, stateReason('failed-for-long'), limitMs));
    },
  };
}
