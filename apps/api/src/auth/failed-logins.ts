import type { User } from '@anika/core/user';
import { LRUCache } from 'lru-cache';

/** Wrong passwords for one account since its last entry. */
export type FailedLogins = {
  readonly user: User;
  readonly attempts: number;
  /** How many networks they came from, at most `NETWORKS_MAX`. */
  readonly networks: number;
  readonly lastAddress: string;
};

export type FailedLoginNeeds = {
  readonly record: (failed: FailedLogins) => Promise<void>;
  readonly clock: { now(): number };
};

type Counted = { readonly user: User; attempts: number; readonly networks: Set<string>; lastAddress: string };

/** One entry for an account in so long, however many wrong passwords there are. */
export const FAILED_LOGINS_EVERY_MS = 5 * 60_000;
const NETWORKS_MAX = 1000;
const ACCOUNTS_MAX = 10_000;

export type FailedLoginCounts = ReturnType<typeof createFailedLogins>;

/** What the company is told of wrong passwords for its accounts: the first at once, those that follow as numbers. */
export function createFailedLogins({ record, clock }: FailedLoginNeeds) {
  const counted = new Map<string, Counted>();
  const written = new LRUCache<string, number>({ max: ACCOUNTS_MAX });

  return {
    note(user: User, { network, remoteAddress }: { network: string; remoteAddress: string }): void {
      if (counted.size >= ACCOUNTS_MAX && !counted.has(user.id)) return;
      const one = counted.get(user.id) ?? { user, attempts: 0, networks: new Set(), lastAddress: '' };
      one.attempts += 1;
      one.lastAddress = remoteAddress;
      if (one.networks.size < NETWORKS_MAX) one.networks.add(network);
      counted.set(user.id, one);
    },

    /** Writes what is due: of accounts that had no entry for a while; at the end, all. */
    async flush(what: 'due' | 'all' = 'due'): Promise<void> {
      const now = clock.now();
      for (const [id, one] of counted) {
        const since = now - (written.get(id) ?? Number.NEGATIVE_INFINITY);
        if (what === 'due' && since < FAILED_LOGINS_EVERY_MS) continue;
        counted.delete(id);
        written.set(id, now);
        await record({ ...one, networks: one.networks.size });
      }
    },
  };
}
