import type { ApiKeyId } from '@anika/core/ids';

export type LastUsed = {
  /** Remembers that a key was used now. */
  mark(id: ApiKeyId): void;
  /** Writes what was remembered. */
  flush(): Promise<void>;
};

/** When keys were last used, written once in a while instead of with every request. */
export function createLastUsed(needs: {
  touch: (ids: readonly ApiKeyId[], atMs: number) => Promise<void>;
  clock: { now(): number };
}): LastUsed {
  const used = new Set<ApiKeyId>();
  return {
    mark: (id) => void used.add(id),
    async flush() {
      const ids = [...used];
      used.clear();
      if (ids.length > 0) await needs.touch(ids, needs.clock.now());
    },
  };
}
