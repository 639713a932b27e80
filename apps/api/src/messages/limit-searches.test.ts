import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createSearchLimit } from './limit-searches.ts';

const A = 'par_a' as PartnerId;
const B = 'par_b' as PartnerId;

it('lets a company search so often at once, whatever others do, and again when one has ended or failed', async () => {
  const open: { resolve: (found: string) => void; reject: (error: Error) => void }[] = [];
  const limit = createSearchLimit({ max: 2, msPerSecond: 125, clock: { now: () => 0 } });
  const search = (partnerId: PartnerId) =>
    limit.run(partnerId, () => new Promise<string>((resolve, reject) => open.push({ resolve, reject })));
  const first = search(A);
  const second = search(A);
  const refused = { code: 'rate-limited', retryAfterSeconds: 1 };
  await expect(search(A)).rejects.toMatchObject(refused);
  const other = search(B);
  open[0]?.resolve('found');
  expect(await first).toBe('found');
  const third = search(A);
  await expect(search(A)).rejects.toMatchObject(refused);
  open[1]?.reject(new Error('away'));
  await expect(second).rejects.toThrow('away');
  const fourth = search(A);
  for (const one of open) one.resolve('found');
  expect(await Promise.all([other, third, fourth])).toEqual(['found', 'found', 'found']);
});

it('gives a company its part of the time in the long run, and another its own', async () => {
  let nowMs = 0;
  const limit = createSearchLimit({ max: 2, msPerSecond: 125, clock: { now: () => nowMs } });
  const lasting = (ms: number) => async () => {
    nowMs += ms;
  };
  await limit.run(A, lasting(1500));
  await expect(limit.run(A, lasting(1))).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfterSeconds: 4,
  });
  await limit.run(B, lasting(1));
  nowMs += 4000;
  await limit.run(A, lasting(1));
});

it('holds refusals back, a hundred of a company at once', async () => {
  const limit = createSearchLimit({ max: 0, msPerSecond: 125, clock: { now: () => 0 } });
  const startedAtMs = performance.now();
  const waited = async (partnerId: PartnerId) => {
    await expect(limit.run(partnerId, async () => undefined)).rejects.toMatchObject({ code: 'rate-limited' });
    return performance.now() - startedAtMs >= 249;
  };
  const held = await Promise.all(Array.from({ length: 103 }, () => waited(A)));
  expect(held.filter((isHeld) => isHeld)).toHaveLength(100);
});

it('counts what answers cost by their length', async () => {
  let nowMs = 0;
  const limit = createSearchLimit({ max: 2, msPerSecond: 125, clock: { now: () => nowMs } });
  const pages = async (count: number) => {
    for (let page = 0; page < count; page += 1) {
      await limit.run(A, async () => undefined);
      limit.charge(A, 8_000_000);
    }
  };
  await pages(3);
  await expect(pages(1)).rejects.toMatchObject({ code: 'rate-limited', retryAfterSeconds: 2 });
  nowMs += 5000;
  await pages(2);
});
