import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work whose size companies choose goes on for so long before others have theirs. */
const TURN_MS = 10;

export type Turn = {
  /** Once the turn has lasted, resolves after everybody else who waits has had one. */
  giveWay(): Promise<void>;
};

export function createTurn(maxMs: number = TURN_MS): Turn {
  let startedAtMs = performance.now();
  return {
    async giveWay() {
      if (performance.now() - startedAtMs < maxMs) return;
      await nextTurn();
      startedAtMs = performance.now();
    },
  };
}
