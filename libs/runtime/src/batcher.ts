import { ItemError, splitOnFailure } from './split-on-failure.ts';
import { Unavailable } from './unavailable.ts';

/** Too much waits already, and nothing of this item was done. */
export class BatcherFullError extends Unavailable {
  override readonly name = 'BatcherFullError';
}

export type Batcher<T, R> = {
  /**
   * Resolves with the item's own result once its batch is through. An item whose `signal` aborts while it waits leaves
   * the queue and rejects with the signal's reason; one that is under way goes on.
   */
  add(item: T, signal?: AbortSignal): Promise<R>;
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
  /** Stops listening to the signal. */
  readonly leave: (() => void) | undefined;
};

/**
 * Groups items without a timer: the first goes at once, and what arrives while a batch is under way goes with
 * the next. A lone item waits for nobody, a crowd shares its round trips. `flush` returns one outcome an item, in
 * their order. Members of a batch are strangers to each other: a flush that throws is done again in halves, so that
 * only the item that it fails for is rejected (`splitOnFailure`), and must bear being repeated.
 */
export function createBatcher<T, R>(
  flush: (items: readonly T[]) => Promise<readonly (R | ItemError)[]>,
  options: BatcherOptions,
): Batcher<T, R> {
  const maxWaiting = options.maxWaiting ?? 10_000;
  const waiting = new Set<Waiting<T, R>>();
  let inFlight = 0;
  let scheduled = false;
  const idle: (() => void)[] = [];

  function schedule(): void {
    if (scheduled || inFlight >= options.maxInFlight || waiting.size === 0) return;
    scheduled = true;
    // After the present turn of the event loop: requests that came in together go together.
    setImmediate(() => {
      scheduled = false;
      void send();
    });
  }

  async function send(): Promise<void> {
    const batch = takeFirst(waiting, options.maxItems);
    inFlight += 1;
    schedule();
    if (batch.length > 0) {
      const outcomes = await splitOnFailure(
        batch.map((entry) => entry.item),
        flush,
      );
      batch.forEach((entry, index) => {
        settle(entry, outcomes[index] as R | ItemError);
      });
    }
    inFlight -= 1;
    schedule();
    if (inFlight === 0 && waiting.size === 0) {
      for (const resolve of idle.splice(0)) resolve();
    }
  }

  return {
    add(item, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (waiting.size >= maxWaiting) return Promise.reject(new BatcherFullError('The queue of writes'));
      return new Promise<R>((resolve, reject) => {
        const gone =
          signal &&
          (() => {
            if (waiting.delete(entry)) reject(signal.reason);
          });
        if (gone !== undefined) signal?.addEventListener('abort', gone, { once: true });
        const leave = gone && (() => signal?.removeEventListener('abort', gone));
        const entry: Waiting<T, R> = { item, resolve, reject, leave };
        waiting.add(entry);
        schedule();
      });
    },
    drain() {
      if (inFlight === 0 && waiting.size === 0) return Promise.resolve();
      return new Promise((resolve) => void idle.push(resolve));
    },
  };
}

function takeFirst<E extends { readonly leave: (() => void) | undefined }>(
  waiting: Set<E>,
  count: number,
): E[] {
  const taken: E[] = [];
  for (const entry of waiting) {
    if (taken.length === count) break;
    waiting.delete(entry);
    entry.leave?.();
    taken.push(entry);
  }
  return taken;
}

function settle<T, R>({ resolve, reject }: Waiting<T, R>, outcome: R | ItemError): void {
  if (outcome instanceof ItemError) reject(outcome.error);
  else resolve(outcome);
}
