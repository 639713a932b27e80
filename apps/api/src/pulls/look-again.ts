import type { SubscriptionId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import { waitOrAbort } from '@anika/runtime/wait';
import type { WaitingPollers } from './waiting-pollers.ts';

export type LookAgainNeeds = {
  readonly waiting: Pick<WaitingPollers, 'ids' | 'wake'>;
  readonly withDue: (ids: readonly SubscriptionId[], nowMs: number) => Promise<ReadonlySet<SubscriptionId>>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** How late something is noticed that nobody is woken for: a lapsed lease, a retry, a wake-up that was lost. */
const LOOK_MS = 2000;
const IDS_A_LOOK = 2000;

/** Looks for all who wait in one go, again and again; the returned function stops it. */
export function startLooking({ waiting, withDue, logger, clock }: LookAgainNeeds): () => Promise<void> {
  const stop = new AbortController();
  const loop = run();

  async function look(): Promise<void> {
    const ids = waiting.ids();
    for (let at = 0; at < ids.length; at += IDS_A_LOOK) {
      waiting.wake([...(await withDue(ids.slice(at, at + IDS_A_LOOK), clock.now()))]);
    }
  }

  async function run(): Promise<void> {
    let isFailing = false;
    while (!stop.signal.aborted) {
      await waitOrAbort(LOOK_MS, stop.signal);
      try {
        await look();
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.warn({ err: error }, 'nobody who waits to pull is woken; it is tried again');
        isFailing = true;
      }
    }
  }

  return () => {
    stop.abort();
    return loop;
  };
}
