import type { DeliveryId, MessageId, PartnerId, SubscriptionId } from '@anika/core/ids';
import { describe, expect, it, vi } from 'vitest';
import type { Command } from './deliver-needs.ts';
import type { ReadyTarget } from './ready-target.ts';
import { createUseLane } from './use-lane.ts';

const command: Command = {
  deliveryId: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  subscriptionId: 'sub_1' as SubscriptionId,
  generation: 1,
  dueMs: 5,
  isFresh: true,
};
const ready = {
  target: { subscription: { partnerId: 'par_1' as PartnerId, timeoutMs: 1000, maxConcurrency: 4 } },
} as ReadyTarget;
const jobOf = (n: number) => ({
  deliveryId: `dlv_${n}` as DeliveryId,
  messageId: `msg_${n}` as MessageId,
  subscriptionId: 'sub_1' as SubscriptionId,
  g: 2,
});

function using(leave: () => Promise<ReturnType<typeof jobOf>[]>) {
  const addUnparked = vi.fn(async () => undefined);
  const warn = vi.fn();
  const lane = createUseLane({
    lanes: { enter: vi.fn(), leave, close: vi.fn() },
    addUnparked,
    shares: { seen: vi.fn() },
    logger: { warn },
    clock: { now: () => 1 },
  });
  return { lane, addUnparked, warn };
}

describe('leaving a lane', () => {
  it('goes on with the first that waited, and the others get jobs', async () => {
    const { lane, addUnparked } = using(async () => [jobOf(2), jobOf(3)]);
    const next = await lane.leave(command, ready, { goesOn: true, load: 'unknown' });
    expect(next).toMatchObject({ deliveryId: 'dlv_2', generation: 2, isFresh: false });
    expect(addUnparked).toHaveBeenCalledWith([jobOf(3)]);
  });

  it('gives all of them jobs where it does not go on', async () => {
    const { lane, addUnparked } = using(async () => [jobOf(2)]);
    expect(await lane.leave(command, ready, { goesOn: false, load: 'unknown' })).toBeUndefined();
    expect(addUnparked).toHaveBeenCalledWith([jobOf(2)]);
  });

  it('never rejects: the place lapses by itself', async () => {
    const { lane, warn } = using(async () => {
      throw new Error('Redis is away');
    });
    expect(await lane.leave(command, ready, { goesOn: true, load: 'unknown' })).toBeUndefined();
    expect(warn).toHaveBeenCalledOnce();
  });
});
