import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';

export type SearchLimit = {
  /** Runs what reads much of the store for a company, or refuses it. */
  run<R>(partnerId: PartnerId, work: () => Promise<R>): Promise<R>;
  /** Counts what an answer costs to write, by its length. */
  charge(partnerId: PartnerId, characters: number): void;
};

type Options = {
  /** Searches of one company under way at once. */
  readonly max: number;
  /** How long all of them may take of each second in the long run. */
  readonly msPerSecond: number;
  readonly clock: { now(): number };
};

/** What a company that has not searched for a while may take at once, in seconds of what it gets. */
const CREDIT_SECONDS = 8;
/** Of an answer: reading, joining and sending it take about as long as searching does. */
const CHARACTERS_A_MS = 20_000;

/** A refusal is held back so long: who asks again at once asks less often, and costs the others less. */
const REFUSAL_HELD_MS = 250;
/** So many of a company are held at once; the others are answered at once. */
const REFUSALS_HELD_MAX = 100;

type Account = { underWay: number; creditMs: number; atMs: number; refusalsHeld: number };

/**
 * So many searches and counts of one company are under way at once, and all together take their part of the time
 * in the long run: whoever searches without a pause waits, and nobody else does.
 */
export function createSearchLimit({ max, msPerSecond, clock }: Options): SearchLimit {
  const creditMs = CREDIT_SECONDS * msPerSecond;
  const accounts = new Map<PartnerId, Account>();

  function accountOf(partnerId: PartnerId): Account {
    const nowMs = clock.now();
    const account = accounts.get(partnerId) ?? { underWay: 0, creditMs, atMs: nowMs, refusalsHeld: 0 };
    accounts.set(partnerId, account);
    const gainedMs = ((nowMs - account.atMs) / 1000) * msPerSecond;
    account.creditMs = Math.min(creditMs, account.creditMs + gainedMs);
    account.atMs = nowMs;
    return account;
  }

  return {
    async run(partnerId, work) {
      const account = accountOf(partnerId);
      if (account.underWay >= max) {
        throw await heldRefusal(
          account,
          `${max} searches under way, the most at once; try again when one has ended`,
          1,
        );
      }
      if (account.creditMs < 0) {
        const seconds = Math.ceil(-account.creditMs / msPerSecond);
        throw await heldRefusal(
          account,
          `searched for longer than it may; try again in ${seconds} s`,
          seconds,
        );
      }
      account.underWay += 1;
      const startedAtMs = clock.now();
      try {
        return await work();
      } finally {
        account.underWay -= 1;
        accountOf(partnerId).creditMs -= clock.now() - startedAtMs;
      }
    },
    charge(partnerId, characters) {
      accountOf(partnerId).creditMs -= characters / CHARACTERS_A_MS;
    },
  };
}

async function heldRefusal(account: Account, why: string, retryAfterSeconds: number): Promise<Failure> {
  if (account.refusalsHeld < REFUSALS_HELD_MAX) {
    account.refusalsHeld += 1;
    await sleep(REFUSAL_HELD_MS);
    account.refusalsHeld -= 1;
  }
  return new Failure('rate-limited', `Your company has ${why}`, { retryAfterSeconds });
}
