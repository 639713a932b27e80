import type { Grant } from '@anika/core/access';
import { expect, it } from 'vitest';
import { createGiveNotices } from './give-notices.ts';

it('one endpoint that hangs holds up no other notice, and none once the process stops', async () => {
  const abort = new AbortController();
  const told: string[] = [];
  const giveNotices = createGiveNotices({
    claimExpiring: async (days) =>
      days === 1 ? ['grt_hangs', 'grt_next'].map((id) => ({ grant: { id } as Grant, days })) : [],
    async notify({ grant }, signal) {
      if (grant.id === 'grt_hangs') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      told.push(grant.id);
    },
    clock: { now: () => 0 },
  });
  const given = giveNotices(abort.signal);
  await expect.poll(() => told).toEqual(['grt_next']);
  abort.abort();
  await given;
  expect(told).toEqual(['grt_next', 'grt_hangs']);
});
