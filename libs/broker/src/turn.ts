import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work whose size companies choose goes on for so long before others have theirs. */
const TURN_MS = 10;

export type Turn = {
  isOver(): boolean;
  /** Resolves once everybody else who waits has had a turn. */
  next(): Promise<void>;
};

export function createTurn(maxMs: number = TURN_MS): Turn {
  let startedAtMs = performance.now();
  return {
    isOver: () => performance.now() - startedAtMs >= maxMs,
    async next() {
      await nextTurn();
      startedAtMs = performance.now();
    },
  };
}
