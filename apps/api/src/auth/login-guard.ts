import { Failure } from '@anika/core/failures';
import { addressKey } from '@anika/runtime/address-key';
import { createTurns } from './turns.ts';

type RateState = { readonly allowed: boolean; readonly resetSeconds: number };
type Throttle = {
  consume(who: string): Promise<RateState>;
  giveBack(who: string): Promise<void>;
  reset(who: string): Promise<void>;
};

export type LoginGuardNeeds = {
  readonly rateLimit: (rule: typeof OF_PAIR | typeof OF_NETWORK) => Throttle;
};

/** Wrong passwords for one account from one network, and from one network for whatever account. */
const OF_PAIR = { name: 'login-pair', points: 10, perSeconds: 900 };
const OF_NETWORK = { name: 'login-address', points: 100, perSeconds: 900 };

/** Who tries: an account, as it was given, and from where. */
export type Attempt = { readonly account: string; readonly remoteAddress: string };

/** `check` gives undefined for a wrong password. Rejects with `rate-limited` without asking it. */
export type LoginGuard = <T>(attempt: Attempt, check: () => Promise<T | undefined>) => Promise<T | undefined>;

/**
 * Each attempt is counted before its password is looked at, so that many at once count as many; a right one gives its
 * point back. What is under way is few: of one account one after another, so that right ones do not use up the points
 * of each other while they wait.
 */
export function createLoginGuard({ rateLimit }: LoginGuardNeeds): LoginGuard {
  const throttle = { pair: rateLimit(OF_PAIR), address: rateLimit(OF_NETWORK) };
  const ofAccount = createTurns({ atOnce: 1, maxWaiting: 64 });
  const ofNetwork = createTurns({ atOnce: 4, maxWaiting: 256 });

  return async ({ account, remoteAddress }, check) => {
    const network = addressKey(remoteAddress);
    const pair = `${network} ${account}`;
    const points = [
      { of: throttle.address, who: network },
      { of: throttle.pair, who: pair },
    ];
    const giveBack = () => Promise.all(points.map(({ of, who }) => of.giveBack(who)));

    async function counted<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
      const states = await Promise.all(points.map(({ of, who }) => of.consume(who)));
      const refused = states.filter((state) => !state.allowed).map((state) => state.resetSeconds);
      if (refused.length > 0) {
        await giveBack();
        throw tooMany(Math.max(...refused));
      }
      const found = await work().catch(async (error: unknown) => {
        await giveBack();
        throw error;
      });
      if (found === undefined) return undefined;
      await Promise.all([throttle.address.giveBack(network), throttle.pair.reset(pair)]);
      return found;
    }

    return ofAccount(pair, () => ofNetwork(network, () => counted(check)));
  };
}

export function tooMany(seconds: number): Failure {
  const detail = `Too many attempts; try again in ${seconds} s`;
  return new Failure('rate-limited', detail, { retryAfterSeconds: seconds });
}
