import type { SubscriptionId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import { waitOrAbort } from '@anika/runtime/wait';
import type { Due } from '@anika/stores/mongo/pulls';
import type { FoundNone } from './found-none.ts';
import type { WaitingPollers } from './waiting-pollers.ts';
import { LOOK_MS, wakeAt } from './wake-at.ts';

export type LookAgainNeeds = {
  readonly waiting: Pick<WaitingPollers, 'ids' | 'wake'>;
  /** Of what is due, or will be before it is looked the next time. */
  readonly foundNone: Pick<FoundNone, 'look' | 'forget'>;
  readonly withDue: (
    ids: readonly SubscriptionId[],
    span: { readonly nowMs: number; readonly untilMs: number },
  ) => Promise<readonly Due[]>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const IDS_A_LOOK = 2000;

/**
 * Looks for all who wait in one go, again and again, at what is due by then or will be before it looks the next time:
 * a lapsed lease, a retry, a wake-up that was lost. The returned function stops it.
 */
export function startLooking({
  waiting,
  foundNone,
  withDue,
  logger,
  clock,
}: LookAgainNeeds): () => Promise<void> {
  const stop = new AbortController();
  const loop = run();

  async function look(): Promise<void> {
    const all = waiting.ids();
    for (let at = 0; at < all.length; at += IDS_A_LOOK) {
      const nowMs = clock.now();
      const ids = all.slice(at, at + IDS_A_LOOK);
      const untilMs = nowMs + LOOK_MS;
      const none = new Map(ids.map((id) => [id, foundNone.look(id, untilMs)]));
      const due = await withDue(ids, { nowMs, untilMs });
      for (const { id, atMs } of due) {
        none.delete(id);
        foundNone.forget([id]);
        wakeAt({ id, atMs }, waiting.wake, clock);
      }
      for (const isSo of none.values()) isSo();
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
