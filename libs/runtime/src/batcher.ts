/** Too much waits already: the caller should answer "unavailable" instead of waiting too. */
export class BatcherFullError extends Error {
  override readonly name = 'BatcherFullError';
}

export type Batcher<T, R> = {
  /** Resolves with the item's own result once its batch is through. */
  add(item: T): Promise<R>;
  /** Resolves when nothing waits or is under way. */
  drain(): Promise<void>;
};

export type BatcherOptions = {
  /** Items in one batch at most. */
  readonly maxItems: number;
  /** Batches under way at once. */
  readonly maxInFlight: number;
  /** Items that may wait; beyond, `add` rejects with BatcherFullError. Default 10,000. */
  readonly maxWaiting?: number;
};

type Waiting<T, R> = {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Groups items without a timer: the first goes at once, and what arrives while a batch is under way goes with
 * the next. A lone item waits for nobody, a crowd shares its round trips. `flush` returns one result an item,
 * in their order.
 */
export function createBatcher<T, R>(
  flush: (items: readonly T[]) => Promise<readonly R[]>,
  options: BatcherOptions,
): Batcher<T, R> {
  const maxWaiting = options.maxWaiting ?? 10_000;
  let waiting: Waiting<T, R>[] = [];
  let inFlight = 0;
  let scheduled = false;
  const idle: (() => void)[] = [];

  function schedule(): void {
    if (scheduled || inFlight >= options.maxInFlight || waiting.length === 0) return;
    scheduled = true;
    // After the present turn of the event loop: requests that came in together go together.
    setImmediate(() => {
      scheduled = false;
      void send();
    });
  }

  async function send(): Promise<void> {
    const batch = waiting.slice(0, options.maxItems);
    waiting = waiting.slice(options.maxItems);
    inFlight += 1;
    schedule();
    try {
      const results = await flush(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => {
        entry.resolve(results[index] as R);
      });
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
    inFlight -= 1;
    schedule();
    if (inFlight === 0 && waiting.length === 0) {
      for (const resolve of idle.splice(0)) resolve();
    }
  }

  return {
    add(item) {
      if (waiting.length >= maxWaiting) {
        return Promise.reject(new BatcherFullError(`${maxWaiting} items wait already`));
      }
      return new Promise<R>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      });
    },
    drain() {
      if (inFlight === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => void idle.push(resolve));
    },
  };
}
