import type { PartnerCaller } from '@anika/core/access';
import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { limitSearches } from './limit-searches.ts';
import type { Found, SearchQuery } from './search-messages.ts';

const caller = (partnerId: string) => ({ partnerId: partnerId as PartnerId }) as PartnerCaller;
const query = {} as SearchQuery;

it('lets a company search so often at once, whatever others do, and again when one has ended or failed', async () => {
  const open: { resolve: (found: Found) => void; reject: (error: Error) => void }[] = [];
  const search = limitSearches(
    () => new Promise<Found>((resolve, reject) => open.push({ resolve, reject })),
    2,
  );
  const found: Found = { messages: [], positions: new Map() };
  const first = search(query, caller('a'));
  const second = search(query, caller('a'));
  const refused = { code: 'rate-limited', retryAfterSeconds: 1 };
  await expect(search(query, caller('a'))).rejects.toMatchObject(refused);
  const other = search(query, caller('b'));
  open[0]?.resolve(found);
  expect(await first).toBe(found);
  const third = search(query, caller('a'));
  await expect(search(query, caller('a'))).rejects.toMatchObject(refused);
  open[1]?.reject(new Error('away'));
  await expect(second).rejects.toThrow('away');
  const fourth = search(query, caller('a'));
  for (const one of open) one.resolve(found);
  expect(await Promise.all([other, third, fourth])).toEqual([found, found, found]);
});
