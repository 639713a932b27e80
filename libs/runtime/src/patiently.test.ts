import { expect, it } from 'vitest';
import { patiently } from './patiently.ts';
import { Unavailable } from './unavailable.ts';

it('does it again while a store is away', async () => {
  let asked = 0;
  const answer = await patiently(async () => {
    asked += 1;
    if (asked === 1) throw new Unavailable('PostgreSQL');
    return 'ready';
  });
  expect([answer, asked]).toEqual(['ready', 2]);
});

it('gives up in the end, and at once where waiting does not help', async () => {
  await expect(patiently(() => Promise.reject(new Unavailable('MongoDB')), -1)).rejects.toThrow('MongoDB');
  let asked = 0;
  const broken = patiently(() => {
    asked += 1;
    return Promise.reject(new Error('not migrated'));
  });
  await expect(broken).rejects.toThrow('not migrated');
  expect(asked).toBe(1);
});
