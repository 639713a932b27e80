import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatcherFullError, createBatcher } from './batcher.ts';
import { ItemError } from './split-on-failure.ts';
import { Unavailable } from './unavailable.ts';

/** A flush that answers when it is told to. */
function manualFlush() {
  const calls: { items: readonly number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const flush = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      calls.push({ items, finish: () => resolve(items.map((item) => item * 10)), fail: reject });
    });
  return { calls, flush };
}

/** What was scheduled for the next turn of the event loop has run by then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

describe('createBatcher()', () => {
  it('gives each item its own result, in order', async () => {
    const batcher = createBatcher(async (items: readonly number[]) => items.map((item) => item * 10), {
      maxItems: 3,
      maxInFlight: 2,
    });
    const results = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)));
    expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  });

  it('sends a lone item at once and what comes meanwhile together', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 100, maxInFlight: 1 });
    const first = batcher.add(1);
    await nextTurn();
    expect(calls.map((call) => call.items)).toEqual([[1]]);
    const later = [batcher.add(2), batcher.add(3)];
    await nextTurn();
    expect(calls).toHaveLength(1);
    calls[0]?.finish();
    expect(await first).toBe(10);
    await nextTurn();
    expect(calls[1]?.items).toEqual([2, 3]);
    calls[1]?.finish();
    expect(await Promise.all(later)).toEqual([20, 30]);
  });

  it('keeps to the most items a batch and the most batches under way', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 2, maxInFlight: 2 });
    const all = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
    await nextTurn();
    expect(calls.map((call) => call.items)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    calls[1]?.finish();
    await nextTurn();
    expect(calls[2]?.items).toEqual([5]);
    for (const call of calls) call.finish();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50]);
  });

  it('rejects the items of a batch that failed and goes on with the next', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 2, maxInFlight: 1 });
    const settled = Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    await nextTurn();
    calls[0]?.fail(new Unavailable('the store'));
    await nextTurn();
    expect(calls).toHaveLength(2);
    calls[1]?.finish();
    expect((await settled).map((one) => one.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it.each([[[7]], [[0, 1]], [[3, 99]], [[...Array(100).keys()]]])(
    'rejects only the items that a flush fails for: %j of 100',
    async (bad) => {
      const batcher = createBatcher(
        async (items: readonly number[]) => {
          const found = items.find((item) => bad.includes(item));
          if (found !== undefined) throw new Error(`no ${found}`);
          return items.map((item) => item * 10);
        },
        { maxItems: 100, maxInFlight: 1 },
      );
      const settled = await Promise.allSettled([...Array(100).keys()].map((item) => batcher.add(item)));
      const outcomes = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message));
      expect(outcomes).toEqual(
        [...Array(100).keys()].map((item) => (bad.includes(item) ? `no ${item}` : item * 10)),
      );
    },
  );

  it('rejects an item whose own outcome is an error, and no other', async () => {
    const batcher = createBatcher(
      async (items: readonly number[]) =>
        items.map((item) => (item === 2 ? new ItemError(new Error('two')) : item)),
      { maxItems: 10, maxInFlight: 1 },
    );
    const settled = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects a flush that has not one outcome an item', async () => {
    const batcher = createBatcher(async () => [1], { maxItems: 10, maxInFlight: 1 });
    const settled = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    // Each alone has one.
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled']);
    const none = createBatcher<number, number>(async () => [], { maxItems: 10, maxInFlight: 1 });
    await expect(none.add(1)).rejects.toThrow(RangeError);
  });

  it('lets an item go whose caller has gone, makes room for another, and flushes it never', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 10, maxInFlight: 1, maxWaiting: 2 });
    const gone = new AbortController();
    const first = batcher.add(1, gone.signal);
    await nextTurn();
    const second = batcher.add(2, gone.signal);
    const third = batcher.add(3);
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await expect(batcher.add(4, gone.signal)).rejects.toThrow('gone');
    const fifth = batcher.add(5);
    calls[0]?.finish();
    await nextTurn();
    expect(calls[1]?.items).toEqual([3, 5]);
    calls[1]?.finish();
    expect(await Promise.all([first, third, fifth])).toEqual([10, 30, 50]);
    await batcher.drain();
  });

  it('drains when all that waited have gone', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 1, maxInFlight: 1 });
    const gone = new AbortController();
    const first = batcher.add(1);
    await nextTurn();
    const second = batcher.add(2, gone.signal);
    const draining = batcher.drain();
    calls[0]?.finish();
    gone.abort();
    await expect(second).rejects.toThrow();
    await first;
    await draining;
    expect(calls).toHaveLength(1);
  });

  it('rejects when a flush throws before its first wait', async () => {
    const batcher = createBatcher<number, number>(
      () => {
        throw new Error('at once');
      },
      { maxItems: 2, maxInFlight: 1 },
    );
    await expect(batcher.add(1)).rejects.toThrow('at once');
    await batcher.drain();
  });

  it('refuses more when too much waits, and takes items again afterwards', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 1, maxInFlight: 1, maxWaiting: 2 });
    const taken = [batcher.add(1)];
    await nextTurn();
    taken.push(batcher.add(2), batcher.add(3));
    const refused = batcher.add(4);
    await expect(refused).rejects.toThrow(BatcherFullError);
    // The edge answers 503.
    await expect(refused).rejects.toThrow(Unavailable);
    calls[0]?.finish();
    await nextTurn();
    taken.push(batcher.add(5));
    for (let i = 1; i < 4; i += 1) {
      calls[i]?.finish();
      await nextTurn();
    }
    expect(await Promise.all(taken)).toEqual([10, 20, 30, 50]);
  });

  it('drains when nothing waits or is under way', async () => {
    const { calls, flush } = manualFlush();
    const batcher = createBatcher(flush, { maxItems: 1, maxInFlight: 1 });
    await batcher.drain();
    let drained = false;
    const all = [batcher.add(1), batcher.add(2)];
    const draining = batcher.drain().then(() => {
      drained = true;
    });
    await nextTurn();
    calls[0]?.finish();
    await nextTurn();
    expect(drained).toBe(false);
    calls[1]?.finish();
    await draining;
    expect(await Promise.all(all)).toEqual([10, 20]);
  });

  it('loses and repeats nothing, whatever the sizes and the pace', async () => {
    const pace = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 15 });
    const size = fc.integer({ min: 1, max: 7 });
    await fc.assert(
      fc.asyncProperty(pace, size, size, async (bursts, maxItems, maxInFlight) => {
        let underWay = 0;
        const seen: number[] = [];
        const batcher = createBatcher(
          async (items: readonly number[]) => {
            underWay += 1;
            expect(items.length).toBeLessThanOrEqual(maxItems);
            expect(underWay).toBeLessThanOrEqual(maxInFlight);
            seen.push(...items);
            await nextTurn();
            underWay -= 1;
            return items.map((item) => -item);
          },
          { maxItems, maxInFlight },
        );
        const added: Promise<number>[] = [];
        for (const burst of bursts) {
          for (let i = 0; i < burst; i += 1) added.push(batcher.add(added.length + 1));
          await nextTurn();
        }
        const expected = added.map((_, index) => index + 1);
        expect(await Promise.all(added)).toEqual(expected.map((item) => -item));
        expect(seen).toEqual(expected);
        await batcher.drain();
      }),
      { numRuns: 50 },
    );
  });
});
