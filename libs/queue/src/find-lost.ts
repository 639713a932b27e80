import { type DeliveryId, deliverJobId, type SubscriptionId } from '@anika/core/ids';
import { within } from '@anika/runtime/deadline';
import { Unavailable } from '@anika/runtime/unavailable';
import type { Redis } from 'ioredis';
import { QUEUE_NAMES } from './queues.ts';

/** One generation of a delivery that should have a job, or wait for its endpoint. */
export type Expected = {
  readonly id: DeliveryId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: number;
};

type LostCommand = {
  findLost(jobs: string, stem: string, lanes: string, ...args: (string | number)[]): Promise<number[]>;
};

const DEADLINE_MS = 3000;

/**
 * KEYS: the stem of the jobs' keys, the stem of the lanes' keys, `lanes`. ARGV: now, then a job id and a
 * subscription for each delivery. Answers the places, counted from 1, of those that are nowhere. A lane with
 * somebody waiting is looked at in any case.
 */
const FIND_LOST = `
local jobs, stem, lanes, now = KEYS[1], KEYS[2], KEYS[3], tonumber(ARGV[1])
local lost = {}
for i = 2, #ARGV, 2 do
  local id, sub = ARGV[i], ARGV[i + 1]
  local base = stem .. sub
  local placed = tonumber(redis.call('ZSCORE', base .. ':a', id) or redis.call('ZSCORE', base .. ':a', 'r:' .. id) or '0')
  if redis.call('ZSCORE', base .. ':p', id) then redis.call('ZADD', lanes, 'NX', now, sub)
  elseif placed <= now and redis.call('EXISTS', jobs .. id) == 0 then lost[#lost + 1] = i / 2 end
end
return lost
`;

/**
 * Which of these deliveries have neither a job nor a place at their endpoint nor wait for one. Those that only
 * wait long, in a long queue, are not lost: giving them a job again would make the queue longer still.
 */
export function createFindLost(options: { redis: Redis; prefix: string }) {
  const { redis, prefix } = options;
  redis.defineCommand('findLost', { numberOfKeys: 3, lua: FIND_LOST });
  const commands = redis as unknown as LostCommand;
  return async <D extends Expected>(deliveries: readonly D[], nowMs: number): Promise<D[]> => {
    const args = deliveries.flatMap(({ id, generation, subscriptionId }) => [
      deliverJobId(id, generation),
      subscriptionId,
    ]);
    const asked = commands.findLost(
      `${prefix}:${QUEUE_NAMES.deliver}:`,
      `${prefix}:lane:`,
      `${prefix}:lanes`,
      nowMs,
      ...args,
    );
    const places = new Set(await within(asked, { ms: DEADLINE_MS, what: 'Redis' }).catch(unavailable));
    return deliveries.filter((_, index) => places.has(index + 1));
  };
}

function unavailable(error: unknown): never {
  throw error instanceof Unavailable ? error : new Unavailable('Redis', { cause: error });
}
