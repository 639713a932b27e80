import { type BatcherOptions, createBatcher } from './batcher.ts';

const LOADS = { maxItems: 200, maxInFlight: 2 } as const;

/** Loads that are asked for together go together; what is not found is undefined. */
export function groupedLoad<K, V>(load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
  return createBatcher<K, V | undefined>(async (keys) => {
    const found = await load(keys);
    return keys.map((key) => found.get(key));
  }, LOADS).add;
}

/** Writes that are asked for together go together; each resolves once its own is through. */
export function groupedWrite<T>(write: (items: readonly T[]) => Promise<unknown>, options: BatcherOptions) {
  return createBatcher<T, void>(async (items) => {
    await write(items);
    return items.map(() => undefined);
  }, options);
}
