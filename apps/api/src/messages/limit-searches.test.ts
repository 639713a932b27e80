import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createSearchLimit } from './limit-searches.ts';

const A = 'par_a' as PartnerId;
const B = 'par_b' as PartnerId;

it('lets a company search so often at once, whatever others do, and again when one has ended or failed', async () => {
  const open: { resolve: (found: string) => void; reject: (error: Error) => void }[] = [];
  const limit = createSearchLimit(2);
  const search = (partnerId: PartnerId) =>
    limit(partnerId, () => new Promise<string>((resolve, reject) => open.push({ resolve, reject })));
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
