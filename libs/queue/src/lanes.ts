import { type DeliveryId, deliverJobId, parseDeliverJobId, type SubscriptionId } from '@anika/core/ids';
import { Unavailable } from '@anika/runtime/unavailable';
import type { Redis } from 'ioredis';
import type { DeliverJob } from './queues.ts';

/** How fast an endpoint may be served, across all dispatchers. */
export type LaneLimits = { readonly concurrency: number; readonly ratePerSecond: number | undefined };

export type LaneEntry =
  /** Go; give the place back with `leave`. */
  | { readonly kind: 'go' }
  /** The endpoint is busy; the delivery waits outside the queue and gets a new job when its turn comes. */
  | { readonly kind: 'parked' }
  /** Somebody is sending this very delivery; look again then. */
  | { readonly kind: 'taken'; readonly untilMs: number };

/** One generation of a delivery, which wants or has a place in its endpoint's lane. */
export type LanePlace = {
  readonly subscriptionId: SubscriptionId;
  readonly deliveryId: DeliveryId;
  readonly generation: number;
};

/*
 * Keys of a lane: `a` sorted set of places (member: job id, or `r:` + job id while a turn is reserved
 * for it; score: when the place lapses), `p` sorted set of parked deliveries (score: order), `l` hash of
 * limits, `t` time of the next allowed request (GCRA, in milliseconds). `lanes` holds the lanes with parked
 * deliveries, by the time to look at them. `s` is there while a lane goes one by one: a number of deliveries
 * that are to arrive in their order.
 */
const SHARED = `
local function rateWait(t, now, rate)
  if rate <= 0 then return 0 end
  local tat = math.max(tonumber(redis.call('GET', t) or '0'), now)
  if tat - now > 50 then return tat - now end
  redis.call('SET', t, tat + 1000 / rate, 'PX', 60000)
  return 0
end
local function width(base, limit)
  if redis.call('EXISTS', base .. ':s') == 1 then return 1 end
  return limit
end
local function take(base, now, ttl, direct)
  local a, p = base .. ':a', base .. ':p'
  redis.call('ZREMRANGEBYSCORE', a, '-inf', now)
  local limits = redis.call('HMGET', base .. ':l', 'c', 'r')
  local limit, rate = width(base, tonumber(limits[1] or '1')), tonumber(limits[2] or '0')
  local out, wait = {}, 1000
  while #out < 100 and redis.call('ZCARD', a) < limit and redis.call('ZCARD', p) > 0 do
    local due = rateWait(base .. ':t', now, rate)
    if due > 0 then wait = math.min(1000, due) break end
    local id = redis.call('ZPOPMIN', p)[1]
    if direct and #out == 0 then redis.call('ZADD', a, now + ttl, id)
    else redis.call('ZADD', a, now + ttl, 'r:' .. id) end
    out[#out + 1] = id
  end
  return out, wait
end
local function settle(base, lanes, sub, now, wait)
  if redis.call('ZCARD', base .. ':p') > 0 then redis.call('ZADD', lanes, now + wait, sub)
  else redis.call('ZREM', lanes, sub) end
  redis.call('PEXPIRE', base .. ':l', 86400000)
end
`;
const ENTER = `${SHARED}
local base, lanes = KEYS[1], KEYS[2]
local id, sub, now, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local limit, rate, order = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local a, p = base .. ':a', base .. ':p'
redis.call('ZREMRANGEBYSCORE', a, '-inf', now)
local held = redis.call('ZSCORE', a, id)
if held then return {2, held} end
if redis.call('ZREM', a, 'r:' .. id) == 1 then
  redis.call('ZADD', a, now + ttl, id)
  return {1, 0}
end
local wait = 1000
local serial = redis.call('EXISTS', base .. ':s') == 1
-- One by one: everybody takes a number, so that whoever comes first to this line is not the first to go.
if not serial and redis.call('ZCARD', a) < limit then
  local due = rateWait(base .. ':t', now, rate)
  if due == 0 then
    redis.call('ZADD', a, now + ttl, id)
    redis.call('PEXPIRE', a, 120000)
    redis.call('ZREM', p, id)
    return {1, 0}
  end
  wait = math.min(1000, due)
end
redis.call('HSET', base .. ':l', 'c', limit, 'r', rate)
redis.call('ZADD', p, 'NX', order, id)
if serial then wait = 100 end
redis.call('ZADD', lanes, 'LT', now + wait, sub)
return {0, 0}
`;
const LEAVE = `${SHARED}
local base, lanes = KEYS[1], KEYS[2]
local id, sub, now, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREM', base .. ':a', id)
local direct = ARGV[5] == '1'
if redis.call('EXISTS', base .. ':s') == 1 then
  if redis.call('DECR', base .. ':s') <= 0 then redis.call('DEL', base .. ':s')
  else redis.call('PEXPIRE', base .. ':s', 60000) end
end
if redis.call('EXISTS', base .. ':p') == 0 then return {} end
local out, wait = take(base, now, ttl, direct)
settle(base, lanes, sub, now, wait)
return out
`;
const WAKE = `${SHARED}
local lanes, stem = KEYS[1], KEYS[2]
local now, ttl = tonumber(ARGV[1]), tonumber(ARGV[2])
local result = {}
for _, sub in ipairs(redis.call('ZRANGEBYSCORE', lanes, '-inf', now, 'LIMIT', 0, 50)) do
  local base = stem .. sub
  local out, wait = take(base, now, ttl)
  settle(base, lanes, sub, now, wait)
  if #out > 0 then result[#result + 1] = {sub, out} end
end
return result
`;

type LaneCommands = {
  laneEnter(base: string, lanes: string, ...args: (string | number)[]): Promise<[number, string]>;
  laneLeave(base: string, lanes: string, ...args: (string | number)[]): Promise<string[]>;
  laneWake(lanes: string, stem: string, ...args: (string | number)[]): Promise<[SubscriptionId, string[]][]>;
};

async function guarded<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw new Unavailable('Redis', { cause: error });
  }
}

export type Lanes = ReturnType<typeof createLanes>;

/** Per-endpoint limits over all dispatchers; who waits holds no worker slot and is not requeued in circles. */
export function createLanes(options: { redis: Redis; prefix: string }) {
  const { redis, prefix } = options;
  redis.defineCommand('laneEnter', { numberOfKeys: 2, lua: ENTER });
  redis.defineCommand('laneLeave', { numberOfKeys: 2, lua: LEAVE });
  redis.defineCommand('laneWake', { numberOfKeys: 2, lua: WAKE });
  const commands = redis as unknown as LaneCommands;
  const stem = `${prefix}:lane:`;
  const lanes = `${prefix}:lanes`;
  const base = (subscriptionId: SubscriptionId) => `${stem}${subscriptionId}`;
  return {
    /** Asks for a place; it lapses after `ttlMs` should the holder die. `order`: who waits longest goes first. */
    async enter(
      place: LanePlace,
      limits: LaneLimits,
      time: { nowMs: number; ttlMs: number; order: number },
    ): Promise<LaneEntry> {
      const { subscriptionId } = place;
      const [code, untilMs] = await guarded(() =>
        commands.laneEnter(
          base(subscriptionId),
          lanes,
          memberOf(place),
          subscriptionId,
          time.nowMs,
          time.ttlMs,
          limits.concurrency,
          limits.ratePerSecond ?? 0,
          time.order,
        ),
      );
      if (code === 1) return { kind: 'go' };
      return code === 0 ? { kind: 'parked' } : { kind: 'taken', untilMs: Number(untilMs) };
    },

    /**
     * Gives a place back; returns the jobs of those whose turn has come: the caller queues them. `goesOn`: the
     * first of them has its place already, and the caller goes on with it.
     */
    async leave(
      place: LanePlace,
      time: { nowMs: number; ttlMs: number },
      goesOn: 'goes on' | 'ends',
    ): Promise<DeliverJob[]> {
      const { subscriptionId } = place;
      const members = await guarded(() =>
        commands.laneLeave(
          base(subscriptionId),
          lanes,
          memberOf(place),
          subscriptionId,
          time.nowMs,
          time.ttlMs,
          goesOn === 'goes on' ? 1 : 0,
        ),
      );
      return jobsOf(subscriptionId, members);
    },

    /**
     * The next `count` deliveries go one after the other, those that waited longest first; then the lane is as
     * wide as before. Ends by itself when nothing moves for a minute.
     */
    async goOneByOne(subscriptionId: SubscriptionId, count: number): Promise<void> {
      if (count > 0) await guarded(() => redis.set(`${base(subscriptionId)}:s`, count, 'PX', 60_000));
    },

    /** Turns that came by the passing of time: a rate limit, or a place whose holder died. */
    async wake(time: { nowMs: number; ttlMs: number }): Promise<DeliverJob[]> {
      const turns = await guarded(() => commands.laneWake(lanes, stem, time.nowMs, time.ttlMs));
      return turns.flatMap(([subscriptionId, members]) => jobsOf(subscriptionId, members));
    },
  };
}

function memberOf({ deliveryId, generation }: LanePlace): string {
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
