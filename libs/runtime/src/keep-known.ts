export type Known<T> = {
  /** What was loaded at most so long ago, or else is loaded now. */
  get(maxAgeMs: number): Promise<T>;
  /** The next `get` loads. */
  forget(): void;
};

/** What changes seldom: who asks at the same time shares one load, and while none succeeds, what is known stays. */
export function keepKnown<T>(load: () => Promise<T>, clock: { now(): number }): Known<T> {
  let known: Promise<T> | undefined;
  let loadedAtMs = 0;
  return {
    get(maxAgeMs) {
      const nowMs = clock.now();
      if (known !== undefined && nowMs - loadedAtMs <= maxAgeMs) return known;
      const before = known;
      loadedAtMs = nowMs;
      known = load().catch((error: unknown) => {
        known = before;
        if (before !== undefined) return before;
        throw error;
      });
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}
