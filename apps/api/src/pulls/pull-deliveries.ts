import type { PartnerCaller } from '@anika/core/access';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { OwnPull } from './own-pull.ts';
import { createSingleFile } from './single-file.ts';
import type { TakeDue, Taken, Taking } from './take-due.ts';
import type { WaitingPollers } from './waiting-pollers.ts';

export type PullCommand = Taking & { readonly id: SubscriptionId; readonly waitMs: number };

/** Who asks, while the request is open. */
export type Asking = {
  readonly by: PartnerCaller;
  /** Aborts when the caller goes away, or asks nothing more. */
  readonly leaving: AbortSignal;
  /** Rejects when the caller may not pull any more. */
  readonly stillMay: () => Promise<void>;
};

export type PullNeeds = {
  readonly own: OwnPull['require'];
  readonly takeDue: TakeDue;
  readonly waiting: Pick<WaitingPollers, 'enter' | 'wake'>;
  /** Rejects with `rate-limited` where the company has too many under way. */
  readonly limit: <R>(partnerId: PartnerId, work: () => Promise<R>) => Promise<R>;
  readonly clock: { now(): number };
};

/**
 * What there is, or what comes within the time; nothing when nothing does, the caller goes away, or the process is asked
 * to stop.
 */
export function createPullDeliveries(needs: PullNeeds) {
  // Two of one process would find the same, and one of them in vain.
  const inTurn = createSingleFile<SubscriptionId>();
  const take = (command: PullCommand) => inTurn(command.id, () => needs.takeDue(command.id, command));

  async function pull(command: PullCommand, { leaving, stillMay }: Asking): Promise<readonly Taken[]> {
    const untilMs = needs.clock.now() + command.waitMs;
    // From here on it is woken: also for what comes while it looks.
    const turn = needs.waiting.enter(command.id);
    try {
      for (;;) {
        const taken = await take(command);
        // There may be more than it could take.
        if (taken.length === command.max) needs.waiting.wake([command.id]);
        if (taken.length > 0 || needs.clock.now() >= untilMs) return taken;
        if (!(await turn.next(untilMs, leaving))) return [];
        // A key that was revoked meanwhile gets nothing more.
        await stillMay();
      }
    } finally {
      turn.leave();
    }
  }

  return async (command: PullCommand, asking: Asking): Promise<readonly Taken[]> => {
    await needs.own(command.id, asking.by);
    return needs.limit(asking.by.partnerId, () => pull(command, asking));
  };
}
