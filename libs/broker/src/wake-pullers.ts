import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';

/** What makes deliveries due. */
type Starting = Pick<
  DeliveryStore,
  'insert' | 'startReplayed' | 'restartFailed' | 'releaseHeld' | 'redrive' | 'resendCancelled' | 'retry'
>;

/**
 * The same store, and whoever waits to pull hears at once of all that it makes due, by whatever it is made. Of what is
 * restarted in bulk the store does not say how it is fetched: for a webhook nobody waits, and a wake-up wakes nobody.
 */
export function wakePullers<S extends Starting>(store: S, wake: (ids: readonly SubscriptionId[]) => void): S {
  function tell(ids: readonly SubscriptionId[]): void {
    if (ids.length > 0) wake([...new Set(ids)]);
  }
  const starting: Starting = {
    async insert(batch) {
      await store.insert(batch);
      tell(batch.filter(isDue).map(({ subscriptionId }) => subscriptionId));
    },
    async startReplayed(replay, start, nowMs) {
      const open = await store.startReplayed(replay, start, nowMs);
      tell(open.filter(({ pull }) => pull).map(({ subscriptionId }) => subscriptionId));
      return open;
    },
    async restartFailed(replay, nowMs) {
      const restarted = await store.restartFailed(replay, nowMs);
      if (restarted > 0) tell([replay.subscriptionId]);
      return restarted;
    },
    async releaseHeld(id) {
      const released = await store.releaseHeld(id);
      if (released > 0) tell([id]);
      return released;
    },
    async redrive(id, range) {
      const redriven = await store.redrive(id, range);
      if (redriven > 0) tell([id]);
      return redriven;
    },
    async resendCancelled(ids, range) {
      const resent = await store.resendCancelled(ids, range);
      if (resent > 0) tell(ids);
      return resent;
    },
    async retry(id, from, nowMs) {
      const started = await store.retry(id, from, nowMs);
      if (started?.pull) tell([started.subscriptionId]);
      return started;
    },
  };
  return { ...store, ...starting };
}

function isDue({ pull, state }: NewDelivery): boolean {
  return pull === true && state === 'pending';
}
