import type { PartnerCaller } from '@anika/core/access';
import type { SubscriptionId } from '@anika/core/ids';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFoundNone, type FoundNone } from './found-none.ts';
import { createPullDeliveries } from './pull-deliveries.ts';
import type { TakeDue } from './take-due.ts';
import { createWaitingPollers, type WaitingPollers } from './waiting-pollers.ts';
import { LOOK_MS } from './wake-at.ts';

const ID = 'sub_1' as SubscriptionId;
const clock = { now: () => Date.now() };
let waiting: WaitingPollers;
let foundNone: FoundNone;
let due: string[];
let looks: number;

beforeEach(() => {
  vi.useFakeTimers();
  waiting = createWaitingPollers(clock);
  foundNone = createFoundNone(clock);
  due = [];
  looks = 0;
});
afterEach(() => void vi.useRealTimers());

function pull(waitMs: number): Promise<readonly string[]> {
  const takeDue: TakeDue = async (_id, { max }) => {
    looks += 1;
    const items = due.splice(0, max);
    return { items, isCut: items.length === max };
  };
  const needs = { own: async () => undefined, takeDue, waiting, foundNone, clock };
  const start = createPullDeliveries({ ...needs, limit: (_id, work) => work() });
  const asking = { leaving: new AbortController().signal, stillMay: async () => undefined };
  return start(
    { id: ID, max: 1, waitMs, leaseMs: 30_000 },
    { ...asking, by: { partnerId: 'par_1' } as PartnerCaller, reserve: (parts) => parts.length },
  );
}

function wake(): void {
  foundNone.forget([ID]);
  waiting.wake([ID]);
}

describe('createPullDeliveries()', () => {
  it('that waits does not look for itself where it was looked for all a moment ago', async () => {
    foundNone.look(ID, clock.now() + LOOK_MS)();
    const waited = pull(LOOK_MS);
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    expect(await waited).toEqual([]);
    expect(looks).toBe(0);
    const later = pull(1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await later).toEqual([]);
    expect(looks).toBe(1);
  });

  it('that waits shortly each second gets what nobody is woken for, once the look for all does not cover it', async () => {
    foundNone.look(ID, clock.now() + LOOK_MS)();
    const answers: (readonly string[])[] = [];
    for (let n = 0; n < 3; n += 1) {
      if (n === 2) due = ['a'];
      const short = pull(300);
      await vi.advanceTimersByTimeAsync(1000);
      answers.push(await short);
    }
    expect(answers).toEqual([[], [], ['a']]);
    expect(looks).toBe(1);
  });

  it('is answered as soon as it is woken, though nothing was found before', async () => {
    foundNone.look(ID, clock.now() + LOOK_MS)();
    const waited = pull(2000);
    await vi.advanceTimersByTimeAsync(100);
    due = ['a'];
    wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(await waited).toEqual(['a']);
  });

  it('finds at once what came while nobody waited', async () => {
    foundNone.look(ID, clock.now() + LOOK_MS)();
    due = ['a'];
    wake();
    expect(await pull(2000)).toEqual(['a']);
  });

  it('that does not wait looks, and says to the others that there is more', async () => {
    foundNone.look(ID, clock.now() + LOOK_MS)();
    due = ['a', 'b'];
    expect(await pull(0)).toEqual(['a']);
    expect(await pull(2000)).toEqual(['b']);
  });
});
