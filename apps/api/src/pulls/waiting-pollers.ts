import type { SubscriptionId } from '@anika/core/ids';

/** One who waits for deliveries of a subscription, or looks for them. */
export type Turn = {
  /**
   * Resolves with true when there may be something, also if that was said since the last time; with false when it is
   * `untilMs`, the signal aborts, or nobody shall wait any more.
   */
  next(untilMs: number, signal: AbortSignal): Promise<boolean>;
  /** It waits no longer. What it was woken for is left to the next one. */
  leave(): void;
};

export type WaitingPollers = {
  enter(id: SubscriptionId): Turn;
  /** One of those who wait for each of these, in turn: it takes what there is, and wakes the next if there is more. */
  wake(ids: readonly SubscriptionId[]): void;
  /** For which subscriptions somebody waits. */
  ids(): readonly SubscriptionId[];
  /** Lets everybody go, now and from now on. */
  close(): void;
  isClosed(): boolean;
};

type Poller = { isWoken: boolean; call: (() => void) | undefined };

/** All who wait in this process; each costs a timer and an entry, and nothing while nothing happens. */
export function createWaitingPollers(clock: { now(): number }): WaitingPollers {
  const pollers = new Map<SubscriptionId, Set<Poller>>();
  let isClosed = false;

  function wakeOne(id: SubscriptionId): void {
    for (const poller of pollers.get(id) ?? []) {
      if (poller.isWoken) continue;
      poller.isWoken = true;
      poller.call?.();
      return;
    }
  }

  function wait(poller: Poller, untilMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', go);
        poller.call = undefined;
        resolve();
      };
      const timer = setTimeout(go, Math.max(0, untilMs - clock.now()));
      signal.addEventListener('abort', go, { once: true });
      poller.call = go;
    });
  }

  return {
    enter(id) {
      const poller: Poller = { isWoken: false, call: undefined };
      const others = pollers.get(id) ?? new Set<Poller>();
      pollers.set(id, others.add(poller));
      return {
        async next(untilMs, signal) {
          if (!poller.isWoken && !isClosed && !signal.aborted) await wait(poller, untilMs, signal);
          if (isClosed || signal.aborted || !poller.isWoken) return false;
          poller.isWoken = false;
          // Whoever has found nothing waits behind the others.
          if (others.delete(poller)) others.add(poller);
          return true;
        },
        leave() {
          others.delete(poller);
          if (others.size === 0) pollers.delete(id);
          if (poller.isWoken) wakeOne(id);
        },
      };
    },
    wake(ids) {
      for (const id of ids) wakeOne(id);
    },
    ids: () => [...pollers.keys()],
    close() {
      isClosed = true;
      for (const set of pollers.values()) for (const poller of set) poller.call?.();
    },
    isClosed: () => isClosed,
  };
}
