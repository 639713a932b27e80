import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFindDue, NONE_AGAIN_MS } from './find-due.ts';
import { createFoundNone, type FoundNone } from './found-none.ts';

const ID = 'sub_1' as SubscriptionId;
let nowMs: number;
let foundNone: FoundNone;
let first: Delivery[];
let again: Delivery[];
let looksAgain: number;

const delivery = (n: number) => ({ id: `dlv_${n}` as DeliveryId, acceptedAtMs: n, order: 0 }) as Delivery;

beforeEach(() => {
  nowMs = 1000;
  foundNone = createFoundNone({ now: () => nowMs });
  first = [2, 3, 4, 5].map(delivery);
  again = [];
  looksAgain = 0;
});

async function found(limit: number): Promise<number[]> {
  const store = {
    findFirst: async (_id: SubscriptionId, _nowMs: number, most: number) => first.slice(0, most),
    findAgain: async () => {
      looksAgain += 1;
      return again;
    },
  };
  const due = await createFindDue({ store, foundNone })(ID, nowMs, limit);
  return due.map(({ acceptedAtMs }) => acceptedAtMs);
}

describe('createFindDue()', () => {
  it('puts what comes again in the order of acceptance with the others', async () => {
    again = [4.5, 1, 2.5].map(delivery);
    expect(await found(4)).toEqual([1, 2, 2.5, 3]);
    expect(await found(10)).toEqual([1, 2, 2.5, 3, 4, 4.5, 5]);
  });

  it('looks once for what comes again while others fill the answers, and anew after a moment', async () => {
    for (let n = 0; n < 5; n += 1) expect(await found(2)).toEqual([2, 3]);
    expect(looksAgain).toBe(1);
    nowMs += NONE_AGAIN_MS;
    again = [delivery(1)];
    expect(await found(2)).toEqual([1, 2]);
    expect(await found(2)).toEqual([1, 2]);
    expect(looksAgain).toBe(3);
  });

  it('looks at once when it is said that something comes again', async () => {
    await found(2);
    again = [delivery(1)];
    foundNone.forget([ID]);
    expect(await found(2)).toEqual([1, 2]);
  });

  it('looks each time where the others do not fill the answer', async () => {
    await found(4);
    again = [delivery(6)];
    expect(await found(5)).toEqual([2, 3, 4, 5, 6]);
    first = [];
    expect(await found(5)).toEqual([6]);
  });
});
