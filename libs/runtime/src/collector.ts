/** Gathers items that nobody waits for and hands them on together, once in a while. */
export type Collector<T> = {
  add(items: readonly T[]): void;
  /** Hands on what is there and stops the clock. */
  close(): Promise<void>;
};

export type CollectorOptions = {
  readonly everyMs: number;
  /** Told when a flush failed; its items are gone from here. */
  readonly failed: (error: unknown) => void;
};

/** For notes that may be lost in a crash without harm; what must not be lost goes through a batcher. */
export function createCollector<T>(
  flush: (items: readonly T[]) => Promise<unknown>,
  { everyMs, failed }: CollectorOptions,
): Collector<T> {
  let items: T[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function send(): Promise<void> {
    timer = undefined;
    const batch = items;
    items = [];
    if (batch.length > 0) await flush(batch).catch(failed);
  }

  return {
    add(more) {
      items.push(...more);
      timer ??= setTimeout(() => void send(), everyMs);
    },
    async close() {
      clearTimeout(timer);
      await send();
    },
  };
}
