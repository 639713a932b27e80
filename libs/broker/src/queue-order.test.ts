import type { PartnerId } from '@anika/core/ids';
import { describe, expect, it } from 'vitest';
import { createQueueOrder } from './queue-order.ts';

const FLOOD = 'par_flood' as PartnerId;
const QUIET = 'par_quiet' as PartnerId;

async function world(middleAgeMs: number) {
  let nowMs = 1_800_000_000_000;
  let ageMs = middleAgeMs;
  let deferred: { ownerId: PartnerId; forMs: number }[] = [];
  const order = createQueueOrder({
    middleAgeMs: async () => ageMs,
    deferring: async () => deferred.map(({ ownerId, forMs }) => ({ ownerId, oldestAtMs: nowMs - forMs })),
    deferAbove: 100,
    clock: { now: () => nowMs },
  });
  order.priorityOf(QUIET, 0);
  await new Promise(setImmediate);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const age = (ms: number) => {
    ageMs = ms;
  };
  /** Of which the oldest waits for so long. */
  const defer = (owners: readonly PartnerId[], forMs = 1000) => {
    deferred = owners.map((ownerId) => ({ ownerId, forMs }));
  };
  return { order, pass, age, defer };
}

describe('createQueueOrder()', () => {
  it('lets everybody in as they come while the queue is short', async () => {
    const { order } = await world(20);
    expect(order.priorityOf(QUIET, 10)).toBe(0);
    expect(order.priorityOf(FLOOD, 50_000)).toBe(0);
  });

  it('puts a flood behind the others as soon as dispatchers are busy, a larger one further', async () => {
    const { order } = await world(25);
    expect(order.priorityOf(QUIET, 10)).toBe(0);
    const first = order.priorityOf(FLOOD, 1000);
    const later = order.priorityOf(FLOOD, 100_000);
    expect(first).toBeGreaterThan(0);
    expect(later).toBeGreaterThan(first);
    expect(order.priorityOf(QUIET, 10)).toBe(0);
  });

  it('keeps a flood behind for two seconds after the queue was long', async () => {
    const { order, pass, age } = await world(30);
    const isBehind = async (ms: number) => {
      pass(ms);
      order.priorityOf(QUIET, 1);
      await new Promise(setImmediate);
      return order.priorityOf(FLOOD, 1000) > 0;
    };
    expect(await isBehind(0)).toBe(true);
    age(0);
    expect([await isBehind(200), await isBehind(1700), await isBehind(200)]).toEqual([true, true, false]);
  });

  it('defers a flood that would wait for longer than a moment, and nobody else', async () => {
    const { order } = await world(250);
    order.priorityOf(QUIET, 10);
    order.priorityOf(FLOOD, 1000);
    expect([order.isDeferred(FLOOD), order.isDeferred(QUIET)]).toEqual([true, false]);
    const small = await world(250);
    small.order.priorityOf(FLOOD, 100);
    expect(small.order.isDeferred(FLOOD)).toBe(false);
    const busy = await world(200);
    busy.order.priorityOf(FLOOD, 1000);
    expect(busy.order.isDeferred(FLOOD)).toBe(false);
  });

  it('defers what comes after what is deferred, whoever has deferred it, until nothing has waited for long', async () => {
    const { order, pass, defer } = await world(0);
    const isDeferred = async () => {
      pass(500);
      order.isDeferred(QUIET);
      await new Promise(setImmediate);
      return order.isDeferred(FLOOD);
    };
    defer([FLOOD]);
    expect([await isDeferred(), order.isDeferred(QUIET)]).toEqual([true, false]);
    // There is always one that has just come.
    pass(500);
    defer([FLOOD], 100);
    await isDeferred();
    pass(500);
    expect(await isDeferred()).toBe(false);
  });

  it('keeps a flood that is deferred apart from the others', async () => {
    const { order, pass, defer } = await world(0);
    pass(500);
    defer([FLOOD]);
    order.isDeferred(QUIET);
    await new Promise(setImmediate);
    expect([order.isFlood(FLOOD), order.isFlood(QUIET)]).toEqual([true, false]);
  });

  it('forgets what it knew of deferred messages after a second', async () => {
    const { order, pass, defer } = await world(0);
    pass(500);
    defer([FLOOD]);
    order.isDeferred(QUIET);
    await new Promise(setImmediate);
    defer([]);
    pass(3_600_000);
    expect(order.isDeferred(FLOOD)).toBe(false);
  });

  it('counts what a company reads apart from what it publishes', async () => {
    const { order } = await world(250);
    order.priorityOf(QUIET, 10);
    expect(order.priorityOf(`reader ${FLOOD}`, 1000)).toBeGreaterThan(0);
    expect([order.isDeferred(FLOOD), order.isFlood(FLOOD), order.priorityOf(FLOOD, 1)]).toEqual([
      false,
      false,
      0,
    ]);
  });

  it('tells a flood however long the queue is', async () => {
    const { order, pass } = await world(0);
    order.priorityOf(QUIET, 10);
    order.priorityOf(FLOOD, 1000);
    expect([order.isFlood(FLOOD), order.isFlood(QUIET)]).toEqual([true, false]);
    pass(2000);
    expect(order.isFlood(FLOOD)).toBe(false);
  });

  it('holds nobody back who adds little, or no more than a share of what all add', async () => {
    const { order } = await world(4000);
    expect(order.priorityOf(QUIET, 20)).toBe(0);
    const many = Array.from({ length: 5 }, (_, n) => `par_${n}` as PartnerId);
    for (const id of many) order.priorityOf(id, 1000);
    expect(many.map((id) => order.priorityOf(id, 10))).toEqual([0, 0, 0, 0, 0]);
  });

  it('holds back a flood that is small, where a machine is too slow for it', async () => {
    const { order, pass } = await world(20_000);
    for (let second = 0; second < 3; second += 1) {
      expect(order.priorityOf(QUIET, 2)).toBe(0);
      expect(order.priorityOf(FLOOD, 160)).toBeGreaterThan(0);
      await new Promise(setImmediate);
      pass(1000);
    }
  });

  it('forgets a flood two seconds after it', async () => {
    const { order, pass } = await world(4000);
    expect(order.priorityOf(FLOOD, 5000)).toBeGreaterThan(0);
    pass(500);
    expect(order.priorityOf(FLOOD, 1)).toBeGreaterThan(0);
    pass(2000);
    expect(order.priorityOf(FLOOD, 1)).toBe(0);
  });

  it('counts on without Redis', async () => {
    const order = createQueueOrder({
      middleAgeMs: () => Promise.reject(new Error('away')),
      deferring: () => Promise.reject(new Error('away')),
      deferAbove: 100,
      clock: { now: () => 0 },
    });
    expect(order.priorityOf(FLOOD, 5000)).toBe(0);
    await new Promise(setImmediate);
    expect(order.priorityOf(FLOOD, 5000)).toBe(0);
  });
});
