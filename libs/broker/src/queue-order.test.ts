import type { PartnerId } from '@anika/core/ids';
import { describe, expect, it } from 'vitest';
import { createQueueOrder } from './queue-order.ts';

const FLOOD = 'par_flood' as PartnerId;
const QUIET = 'par_quiet' as PartnerId;

async function world(middleAgeMs: number) {
  let nowMs = 1_800_000_000_000;
  let ageMs = middleAgeMs;
  const order = createQueueOrder({ middleAgeMs: async () => ageMs, clock: { now: () => nowMs } });
  order.orderOf(QUIET, 0);
  await new Promise(setImmediate);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const age = (ms: number) => {
    ageMs = ms;
  };
  return { order, pass, age };
}

describe('createQueueOrder()', () => {
  it('lets everybody in as they come while the queue is short', async () => {
    const { order } = await world(20);
    expect(order.orderOf(QUIET, 10).priority).toBe(0);
    expect(order.orderOf(FLOOD, 50_000)).toEqual({ priority: 0, waitsOutside: false });
  });

  it('puts a flood behind the others as soon as dispatchers are busy, a larger one further', async () => {
    const { order } = await world(25);
    expect(order.orderOf(QUIET, 10).priority).toBe(0);
    const first = order.orderOf(FLOOD, 1000).priority;
    const later = order.orderOf(FLOOD, 100_000).priority;
    expect(first).toBeGreaterThan(0);
    expect(later).toBeGreaterThan(first);
    expect(order.orderOf(QUIET, 10).priority).toBe(0);
  });

  it('lets a flood wait for its endpoints outside the queue as soon as dispatchers are busy', async () => {
    const { order } = await world(30);
    expect(order.orderOf(QUIET, 10)).toEqual({ priority: 0, waitsOutside: false });
    expect(order.orderOf(FLOOD, 1000).waitsOutside).toBe(true);
  });

  it('keeps a flood behind for two seconds after the queue was long, or some went to wait outside it', async () => {
    const { order, pass, age } = await world(30);
    const isBehind = async (ms: number) => {
      pass(ms);
      order.orderOf(QUIET, 1);
      await new Promise(setImmediate);
      return order.orderOf(FLOOD, 1000).priority > 0;
    };
    expect(await isBehind(0)).toBe(true);
    age(0);
    expect([await isBehind(200), await isBehind(1700)]).toEqual([true, true]);
    order.haveParked();
    expect([await isBehind(1900), await isBehind(200)]).toEqual([true, false]);
  });

  it('tells a flood however long the queue is', async () => {
    const { order, pass } = await world(0);
    order.orderOf(QUIET, 10);
    order.orderOf(FLOOD, 1000);
    expect([order.isFlood(FLOOD), order.isFlood(QUIET)]).toEqual([true, false]);
    pass(2000);
    expect(order.isFlood(FLOOD)).toBe(false);
  });

  it('holds nobody back who adds little, or no more than a share of what all add', async () => {
    const { order } = await world(4000);
    expect(order.orderOf(QUIET, 20).priority).toBe(0);
    const many = Array.from({ length: 5 }, (_, n) => `par_${n}` as PartnerId);
    for (const id of many) order.orderOf(id, 1000);
    expect(many.map((id) => order.orderOf(id, 10).priority)).toEqual([0, 0, 0, 0, 0]);
  });

  it('holds back a flood that is small, where a machine is too slow for it', async () => {
    const { order, pass } = await world(20_000);
    for (let second = 0; second < 3; second += 1) {
      expect(order.orderOf(QUIET, 2).priority).toBe(0);
      expect(order.orderOf(FLOOD, 160).priority).toBeGreaterThan(0);
      await new Promise(setImmediate);
      pass(1000);
    }
  });

  it('forgets a flood two seconds after it', async () => {
    const { order, pass } = await world(4000);
    expect(order.orderOf(FLOOD, 5000).priority).toBeGreaterThan(0);
    pass(500);
    expect(order.orderOf(FLOOD, 1).priority).toBeGreaterThan(0);
    pass(2000);
    expect(order.orderOf(FLOOD, 1).priority).toBe(0);
  });

  it('counts on without Redis', async () => {
    const order = createQueueOrder({
      middleAgeMs: () => Promise.reject(new Error('away')),
      clock: { now: () => 0 },
    });
    expect(order.orderOf(FLOOD, 5000).priority).toBe(0);
    await new Promise(setImmediate);
    expect(order.orderOf(FLOOD, 5000).priority).toBe(0);
  });
});
