/** Work for the same key goes one after the other; rejects only for its own work. */
export function createSingleFile<K>() {
  const last = new Map<K, Promise<unknown>>();
  return async <R>(key: K, work: () => Promise<R>): Promise<R> => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}
