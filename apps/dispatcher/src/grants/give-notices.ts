import type { Grant } from '@anika/core/access';

type Expiring = { readonly grant: Grant; readonly days: number };

export type GiveNoticesNeeds = {
  /** The notices due this many days before the end, each once. */
  readonly claimExpiring: (days: number, nowMs: number) => Promise<readonly Expiring[]>;
  /** Tells the reader's endpoints; never rejects. */
  readonly notify: (expiring: Expiring, signal: AbortSignal) => Promise<void>;
  readonly clock: { now(): number };
};

/** How many days before the end both companies are told; the nearest first. */
const NOTICE_DAYS = [1, 7] as const;

/** Apart from the ends themselves: an endpoint that hangs holds up no end, and no other company's notice. */
export function createGiveNotices({ claimExpiring, notify, clock }: GiveNoticesNeeds) {
  return async (signal: AbortSignal): Promise<void> => {
    for (const days of NOTICE_DAYS) {
      const due = await claimExpiring(days, clock.now());
      await Promise.all(due.map((expiring) => notify(expiring, signal)));
    }
  };
}
