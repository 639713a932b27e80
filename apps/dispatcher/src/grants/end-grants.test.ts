import type { Grant } from '@anika/core/access';
import type { GrantId, SubscriptionId, TopicId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createEndGrants } from './end-grants.ts';

const ending = { id: 'grt_1' as GrantId, topicId: 'top_1' as TopicId };
const ids = ['sub_1', 'sub_2'] as SubscriptionId[];

async function cancelledBy(end: (cancel: () => Promise<void>) => Promise<boolean>): Promise<unknown[]> {
  const cancelled: unknown[] = [];
  const endGrants = createEndGrants({
    findEnded: async () => [ending],
    end: (_ending, _nowMs, cancel) => end(() => cancel({ id: ending.id } as Grant)),
    subscriptionsOf: async ({ id }) => (id === ending.id ? ids : []),
    async cancelOpen(...args) {
      return cancelled.push(args);
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => 9000 },
  });
  await endGrants();
  return cancelled;
}

it('what waits for the reader of a grant that has come to its end is cancelled, for that reason', async () => {
  const cancelled = await cancelledBy(async (cancel) => {
    await cancel();
    return true;
  });
  expect(cancelled).toEqual([[ids, 'grant-expired', 9000]]);
});

it('of one that was renewed meanwhile nothing is cancelled', async () => {
  expect(await cancelledBy(async () => false)).toEqual([]);
});
