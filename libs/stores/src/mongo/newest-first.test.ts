import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LATE, newestFirst, newestInTime } from './newest-first.ts';

const DAY_MS = 86_400_000;
const END_MS = 1_800_000_000_000;

it('gives the same page as one query for all of it', async () => {
  const moments = fc.array(fc.integer({ min: END_MS - 100 * DAY_MS, max: END_MS + DAY_MS }), {
    maxLength: 60,
  });
  const bound = fc.option(fc.integer({ min: END_MS - 60 * DAY_MS, max: END_MS }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      moments,
      bound,
      bound,
      fc.integer({ min: 1, max: 20 }),
      async (all, fromMs, toMs, limit) => {
        const page = async (from: number | undefined) =>
          all
            .filter((at) => (from === undefined || at >= from) && (toMs === undefined || at < toMs))
            .sort((a, b) => b - a)
            .slice(0, limit);
        expect(await newestFirst({ limit, fromMs, toMs }, page)).toEqual(await page(fromMs));
      },
    ),
  );
});

it('does not look further back than it must', async () => {
  const asked: (number | undefined)[] = [];
  const found = await newestFirst({ limit: 2, toMs: END_MS }, async (fromMs) => {
    asked.push(fromMs);
    return asked.length < 2 ? [1] : [1, 2];
  });
  expect(found).toEqual([1, 2]);
  expect(asked).toEqual([END_MS - 3_600_000, END_MS - DAY_MS]);
});

it('goes on from the page before, however much lies between that and the end', async () => {
  const asked: (number | undefined)[] = [];
  const after = { acceptedAtMs: END_MS - 90 * DAY_MS };
  await newestFirst({ limit: 1, toMs: END_MS, after }, async (fromMs) => {
    asked.push(fromMs);
    return [1];
  });
  expect(asked).toEqual([after.acceptedAtMs - 3_600_000]);
});

it.each([
  ['the longest time', 30 * DAY_MS, { items: [1], fromMs: END_MS - 30 * DAY_MS }],
  ['a day', 3_600_000, { items: [1], fromMs: END_MS - 3_600_000 }],
  ['an hour', 60_000, { items: [1], fromMs: END_MS - 60_000 }],
  ['a minute', 1000, { items: [1], fromMs: END_MS - 1000 }],
])('ends the page where the server takes too long for %s', async (_, possibleMs, expected) => {
  const page = async (fromMs: number | undefined) =>
    fromMs !== undefined && END_MS - fromMs <= possibleMs ? [1] : LATE;
  expect(await newestInTime({ limit: 2, toMs: END_MS }, page)).toEqual(expected);
});

it('says that the search is too costly where a second is too much', async () => {
  await expect(newestInTime({ limit: 2, toMs: END_MS }, async () => LATE)).rejects.toMatchObject({
    code: 'search-too-costly',
  });
});
