import type { Logger } from '@anika/runtime/logger';
import { waitOrAbort } from '@anika/runtime/wait';
import type { ClaimedErasure, ErasureStore } from '@anika/stores/postgres/erasures';
import { LEASE_MS, type Lease } from './erase.ts';

export type WorkOnErasuresNeeds = Pick<ErasureStore, 'claim' | 'release'> & {
  readonly erase: (erasure: ClaimedErasure, lease: Lease) => Promise<void>;
  readonly newLease: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** How long one erasure is worked on before that of the next company has its turn. */
const TURN_MS = 1000;
/** Where one failed. */
const AFTER_ERROR_MS = 2000;

/**
 * Works on erasures in turns, and rests as long as it works: deliveries have the stores to themselves half of the time.
 * Another dispatcher works on another erasure meanwhile.
 */
export function createWorkOnErasures(needs: WorkOnErasuresNeeds) {
  const { clock, logger } = needs;

  async function turn(erasure: ClaimedErasure, name: string, signal: AbortSignal): Promise<void> {
    const untilMs = clock.now() + TURN_MS;
    try {
      await needs.erase(erasure, { name, isOver: () => signal.aborted || clock.now() >= untilMs });
    } catch (error) {
      logger.warn({ err: error, erasureId: erasure.id }, 'erasure broken off; it goes on');
      await waitOrAbort(AFTER_ERROR_MS, signal);
    } finally {
      await needs.release(erasure.id, name);
    }
  }

  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const startedMs = clock.now();
      const name = needs.newLease();
      const erasure = await needs.claim(name, { nowMs: startedMs, untilMs: startedMs + LEASE_MS });
      if (erasure === undefined) return;
      await turn(erasure, name, signal);
      await waitOrAbort(clock.now() - startedMs, signal);
    }
  };
}
