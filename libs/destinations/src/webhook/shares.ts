export type Shares = {
  /** Waits in turn for a place of this key; false when none came free in time, or `signal` aborted. */
  take(key: string, signal?: AbortSignal): Promise<boolean>;
  /** Gives back what `take` gave. */
  give(key: string): void;
};

type Share = { taken: number; readonly waiting: Set<() => void> };

/** So many places for each key, and nobody waits for the places of another. `waitMs`: how long for one of its own. */
export function createShares({ each, waitMs }: { each: number; waitMs: number }): Shares {
  const shares = new Map<string, Share>();

  function shareOf(key: string): Share {
    const known = shares.get(key);
    if (known !== undefined) return known;
    const made: Share = { taken: 0, waiting: new Set() };
    shares.set(key, made);
    return made;
  }

  function wait(share: Share, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isTaken: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        share.waiting.delete(called);
        resolve(isTaken);
      };
      const called = () => end(true);
      const giveUp = () => end(false);
      const timer = setTimeout(giveUp, waitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      share.waiting.add(called);
    });
  }

  return {
    async take(key, signal) {
      if (signal?.aborted) return false;
      const share = shareOf(key);
      if (share.taken >= each) return wait(share, signal);
      share.taken += 1;
      return true;
    },
    give(key) {
      const share = shareOf(key);
      const [next] = share.waiting;
      if (next !== undefined) return next(); // the place goes from hand to hand
      share.taken -= 1;
      if (share.taken === 0) shares.delete(key);
    },
  };
}
