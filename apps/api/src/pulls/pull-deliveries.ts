import type { PartnerCaller } from '@anika/core/access';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { FoundNone } from './found-none.ts';
import type { OwnPull } from './own-pull.ts';
import { createSingleFile } from './single-file.ts';
import { NOTHING, type TakeDue, type Taking } from './take-due.ts';
import type { WaitingPollers } from './waiting-pollers.ts';

export type PullCommand = Omit<Taking, 'reserve'> & { readonly id: SubscriptionId; readonly waitMs: number };

/** Who asks, while the request is open. */
export type Asking = {
  readonly by: PartnerCaller;
  /** Aborts when the caller goes away, or asks nothing more. */
  readonly leaving: AbortSignal;
  /** Rejects when the caller may not pull any more. */
  readonly stillMay: () => Promise<void>;
  readonly reserve: Taking['reserve'];
};

export type PullNeeds = {
  readonly own: OwnPull['require'];
  readonly takeDue: TakeDue;
  readonly waiting: Pick<WaitingPollers, 'enter' | 'wake'>;
  /** By the look for all who wait. */
  readonly foundNone: Pick<FoundNone, 'isSo' | 'forget'>;
  /** Rejects with `rate-limited` where the company has too many under way. */
  readonly limit: <R>(partnerId: PartnerId, work: () => Promise<R>) => Promise<R>;
  readonly clock: { now(): number };
};

/**
 * What there is, or what comes within the time; nothing when nothing does, the caller goes away, or the process is asked
 * to stop. Each delivery as JSON.
 */
export function createPullDeliveries(needs: PullNeeds) {
  // Two of one process would find the same, and one of them in vain.
  const inTurn = createSingleFile<SubscriptionId>();
  const take = (command: PullCommand, { reserve }: Asking) =>
    inTurn(command.id, () => needs.takeDue(command.id, { ...command, reserve }));

  function thereIsMore(id: SubscriptionId): void {
    needs.foundNone.forget([id]);
    needs.waiting.wake([id]);
  }

  async function pull(command: PullCommand, asking: Asking): Promise<readonly string[]> {
    const { leaving, stillMay } = asking;
    const untilMs = needs.clock.now() + command.waitMs;
    // From here on it is woken: also for what comes while it looks.
    const turn = needs.waiting.enter(command.id);
    // Who waits again and again is among those who are looked for together.
    let isLooking = command.waitMs === 0 || !needs.foundNone.isSo(command.id);
    try {
      for (;;) {
        const { items, isCut } = isLooking ? await take(command, asking) : NOTHING;
        isLooking = true;
        if (isCut) thereIsMore(command.id);
        if (items.length > 0 || needs.clock.now() >= untilMs) return items;
        if (!(await turn.next(untilMs, leaving))) return [];
        // A key that was revoked meanwhile gets nothing more.
        await stillMay();
      }
    } finally {
      turn.leave();
    }
  }

  return async (command: PullCommand, asking: Asking): Promise<readonly string[]> => {
    await needs.own(command.id, asking.by);
    return needs.limit(asking.by.partnerId, () => pull(command, asking));
  };
}
