import { expect, it } from 'vitest';
import { groupedLoad, groupedWrite } from './grouped.ts';

it('loads that are asked for together are one, and each gets its own or undefined', async () => {
  const asked: (readonly string[])[] = [];
  const load = groupedLoad(async (keys: readonly string[]) => {
    asked.push(keys);
    return new Map([
      ['b', 2],
      ['a', 1],
    ]);
  });
  expect(await Promise.all([load('a'), load('c'), load('b')])).toEqual([1, undefined, 2]);
  expect(asked).toEqual([['a', 'c', 'b']]);
});

it('writes that are asked for together are one; only what cannot be written is refused', async () => {
  const written: number[] = [];
  const { add } = groupedWrite(
    async (items: readonly number[]) => {
      if (items.includes(2)) throw new Error('not this one');
      written.push(...items);
    },
    { maxItems: 10, maxInFlight: 1 },
  );
  const outcomes = await Promise.allSettled([add(1), add(2), add(3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(written.sort()).toEqual([1, 3]);
});
