import { Failure } from '@anika/core/failures';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { DeliveryCounts } from '@anika/core/subscription/health';
import { Unavailable } from '@anika/runtime/unavailable';
import { describe, expect, it } from 'vitest';
import { createReadHealth } from './read-health.ts';

const none = { count: 0, isMore: false };
const COUNTS: DeliveryCounts = {
  open: none,
  held: none,
  dead: none,
  oldestPendingMs: undefined,
  lastDeliveredMs: 1,
};
const partnerId = 'par_1' as PartnerId;

function subscriptions(count: number): Subscription[] {
  return Array.from({ length: count }, (_, n) => ({ id: `sub_${n}`, state: 'active' }) as Subscription);
}

function reader(count: (id: SubscriptionId) => Promise<DeliveryCounts>) {
  let limited = 0;
  const read = createReadHealth({
    count,
    limit: (_partnerId, work) => {
      limited += 1;
      return work();
    },
    clock: { now: () => 0 },
  });
  return { read, limited: () => limited };
}

describe('createReadHealth()', () => {
  it('counts each once in two seconds, and a company once for all of a page', async () => {
    const asked: string[] = [];
    const { read, limited } = reader(async (id) => {
      asked.push(id);
      return COUNTS;
    });
    const [first, second] = [
      await read(subscriptions(3), partnerId),
      await read(subscriptions(4), partnerId),
    ];
    expect([first.size, second.size]).toEqual([3, 4]);
    expect(asked).toEqual(['sub_0', 'sub_1', 'sub_2', 'sub_3']);
    expect(limited()).toBe(2);
  });

  it.each([
    ['its store is away', new Unavailable('MongoDB')],
    ['its company counts too much', new Failure('rate-limited', 'later')],
  ])('leaves out what cannot be counted, since %s', async (_why, error) => {
    const { read } = reader(() => Promise.reject(error));
    expect(await read(subscriptions(2), partnerId)).toEqual(new Map());
  });

  it('throws what is a fault of ours', async () => {
    const { read } = reader(() => Promise.reject(new Error('a bug')));
    await expect(read(subscriptions(1), partnerId)).rejects.toThrow('a bug');
  });
});
