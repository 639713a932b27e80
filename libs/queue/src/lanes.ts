import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import {
  type DeliveryId,
  deliverJobId,
  type PartnerId,
  parseDeliverJobId,
  type SubscriptionId,
} from '@anika/core/ids';
import { createBatcher } from '@anika/runtime/batcher';
import { ItemError } from '@anika/runtime/split-on-failure';
import { Unavailable } from '@anika/runtime/unavailable';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DeliverJob } from './job-seal.ts';
import { CLOSE, STEPS, WAKE } from './lane-scripts.ts';

/** How fast an endpoint may be served, across all dispatchers. */
export type LaneLimits = { readonly concurrency: number; readonly ratePerSecond: number | undefined };

export type LaneEntry =
  /** Go; give the place back with `leave`. `isAlone`: nobody waits for it. */
  | { readonly kind: 'go'; readonly isAlone: boolean }
  /** The endpoint is busy; the delivery waits outside the queue and gets a new job when its turn comes. */
  | { readonly kind: 'parked' }
  /** Somebody is sending this very delivery, or sends it before it was started again; look again then. */
  | { readonly kind: 'taken'; readonly untilMs: number };

/** One generation of a delivery, which wants or has a place in its endpoint's lane. */
export type LanePlace = {
  readonly subscriptionId: SubscriptionId;
  /** Whose endpoint it is. */
  readonly partnerId: PartnerId;
  readonly deliveryId: DeliveryId;
  readonly generation: number;
};

type LaneTime = { readonly nowMs: number; readonly ttlMs: number };

/** Of the places of who asks. */
export type CompanyShare = {
  /** How many all endpoints of one company may have together, over all dispatchers. */
  readonly share: number;
  /** How many more nobody else needs at this moment. */
  readonly spare: number;
};

export type LaneShares = {
  /** Asked at each call. */
  ofCompany(): CompanyShare;
  /** Told how many that waited were given places, and have not begun. */
  called(count: number): void;
};

const ANY_NUMBER: LaneShares = { ofCompany: () => ({ share: 1e9, spare: 0 }), called: () => undefined };

type Step = readonly [kind: 'enter' | 'leave' | 'park', ...args: (string | number)[]];
type StepAnswer = readonly (string | number)[];

type LaneCommands = {
  laneSteps(stem: string, lanes: string, share: number, spare: number, steps: string): Promise<string>;
  laneClose(stem: string, lanes: string, member: string, sub: string): Promise<unknown>;
  laneWake(lanes: string, stem: string, ...args: (string | number)[]): Promise<[SubscriptionId, string[]][]>;
};

/**
 * Steps of one moment share a call: two for each delivery would be most of what Redis and its client do. They are one
 * argument, and so is the answer, for its client handles each by itself.
 */
const STEP_BATCH = { maxItems: 100, maxInFlight: 1, maxWaiting: 100_000 } as const;

async function guarded<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw new Unavailable('Redis', { cause: error });
  }
}

export type Lanes = ReturnType<typeof createLanes>;

/** Per-endpoint limits over all dispatchers; who waits holds no worker slot and is not requeued in circles. */
export function createLanes(options: {
  redis: Redis;
  prefix: string;
  /** Default: a company may have any number of places. */
  shares?: LaneShares;
}) {
  const { redis, prefix, shares = ANY_NUMBER } = options;
  redis.defineCommand('laneSteps', { numberOfKeys: 2, lua: STEPS });
  redis.defineCommand('laneClose', { numberOfKeys: 2, lua: CLOSE });
  redis.defineCommand('laneWake', { numberOfKeys: 2, lua: WAKE });
  const commands = redis as unknown as LaneCommands;
  const stem = `${prefix}:lane:`;
  const lanes = `${prefix}:lanes`;
  const { add: take, drain } = createBatcher<Step, StepAnswer>(async (steps) => {
    const { share, spare } = shares.ofCompany();
    const text = JSON.stringify(steps);
    return readAnswers(await guarded(() => commands.laneSteps(stem, lanes, share, spare, text)));
  }, STEP_BATCH);
  function whose(place: LanePlace, { nowMs, ttlMs }: LaneTime) {
    return [memberOf(place), place.subscriptionId, place.partnerId, nowMs, ttlMs] as const;
  }
  return {
    /** Resolves when every step so far is answered. */
    drain,

    /** Asks for a place; it lapses after `ttlMs` should the holder die. `order`: who waits longest goes first. */
    async enter(
      place: LanePlace,
      limits: LaneLimits,
      time: LaneTime & { order: number },
    ): Promise<LaneEntry> {
      const { concurrency, ratePerSecond = 0 } = limits;
      const answer = await take(['enter', ...whose(place, time), concurrency, ratePerSecond, time.order]);
      const [code, detail] = answer;
      if (code === 1) return { kind: 'go', isAlone: detail === 0 };
      return code === 0 ? { kind: 'parked' } : { kind: 'taken', untilMs: Number(detail) };
    },

    /**
     * Gives a place back; returns the jobs of those whose turn has come, at this endpoint or another of its company:
     * the caller queues them. `goesOn`: the first of them has its place already, and the caller goes on with it. `load` is how the endpoint bore the
     * request: it is given fewer at once while it is strained, never more than `concurrency`.
     */
    async leave(
      place: LanePlace,
      left: { load: EndpointLoad; concurrency: number; goesOn: boolean },
      time: LaneTime,
    ): Promise<DeliverJob[]> {
      const goesOn = left.goesOn ? 1 : 0;
      const turns = await take(['leave', ...whose(place, time), goesOn, left.load, left.concurrency]);
      const jobs = pairsOf(turns).flatMap(([sub, member]) => jobsOf(sub as SubscriptionId, [member]));
      shares.called(jobs.length - goesOn);
      return jobs;
    },

    /** Lets a delivery wait without a job where `least` wait already; `order` as for `enter`. False: it needs a job. */
    async park(
      place: Omit<LanePlace, 'partnerId'>,
      { order, least }: { order: number; least: number },
    ): Promise<boolean> {
      const [isParked] = await take(['park', memberOf(place), place.subscriptionId, '', 0, 0, order, least]);
      return isParked === 1;
    },

    /**
     * Of a delivery whose subscription is no more: gives back what was kept for it, and forgets who waits there. They
     * were cancelled with it; the sweep finds those that were stored since.
     */
    async close(place: Omit<LanePlace, 'partnerId'>): Promise<void> {
      await guarded(() => commands.laneClose(stem, lanes, memberOf(place), place.subscriptionId));
    },

    /** Whether a request of this delivery is under way, of whichever generation. */
    async isUnderWay(
      place: Pick<LanePlace, 'subscriptionId' | 'deliveryId'>,
      nowMs: number,
    ): Promise<boolean> {
      const key = `${stem}${place.subscriptionId}:a`;
      const members = await guarded(() => redis.zrangebyscore(key, nowMs, '+inf'));
      return members.some((member) => parseDeliverJobId(member)?.deliveryId === place.deliveryId);
    },

    /**
     * The next `count` deliveries go one after the other, those that waited longest first; then the lane is as
     * wide as before. Ends by itself when nothing moves for a minute.
     */
    async goOneByOne(subscriptionId: SubscriptionId, count: number): Promise<void> {
      if (count > 0) await guarded(() => redis.set(`${stem}${subscriptionId}:s`, count, 'PX', 60_000));
    },

    /** Turns that came by the passing of time: a rate limit, a share, or a place whose holder died. */
    async wake({ nowMs, ttlMs }: LaneTime): Promise<DeliverJob[]> {
      const { share, spare } = shares.ofCompany();
      const turns = await guarded(() => commands.laneWake(lanes, stem, share, spare, nowMs, ttlMs));
      const jobs = turns.flatMap(([subscriptionId, members]) => jobsOf(subscriptionId, members));
      shares.called(jobs.length);
      return jobs;
    },
  };
}

const stepError = z.object({ err: z.string() });

/** An empty table of Lua is JSON's `{}`. */
function readAnswers(text: string): (StepAnswer | ItemError)[] {
  const answers: unknown[] = JSON.parse(text);
  return answers.map((answer) => {
    if (Array.isArray(answer)) return answer;
    const { success, data } = stepError.safeParse(answer);
    return success ? new ItemError(new Error(`A step of a lane failed: ${data.err}`)) : [];
  });
}

function pairsOf(flat: StepAnswer): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, n) => [String(flat[2 * n]), String(flat[2 * n + 1])]);
}

function memberOf({ deliveryId, generation }: Pick<LanePlace, 'deliveryId' | 'generation'>): string {
  return deliverJobId(deliveryId, generation);
}

function jobsOf(subscriptionId: SubscriptionId, members: readonly string[]): DeliverJob[] {
  return members.flatMap((member) => {
    const parsed = parseDeliverJobId(member);
    if (parsed === undefined) return [];
    const { deliveryId, messageId, generation } = parsed;
    return [{ deliveryId, messageId, subscriptionId, g: generation }];
  });
}
