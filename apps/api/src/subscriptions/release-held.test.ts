import type { SubscriptionId } from '@anika/core/ids';
import { expect, it, vi } from 'vitest';
import { createReleaseHeld } from './release-held.ts';

const id = 'sub_1' as SubscriptionId;

function releasing(released: number, redis: () => Promise<void> = async () => undefined) {
  const goOneByOne = vi.fn(redis);
  const requestSweep = vi.fn(redis);
  const warn = vi.fn();
  return {
    releaseHeld: createReleaseHeld({
      deliveries: { releaseHeld: async () => released },
      lanes: { goOneByOne },
      queues: { requestSweep },
      logger: { warn },
    }),
    goOneByOne,
    requestSweep,
    warn,
  };
}

it('the first thousand go one by one, and the sweep is asked for at once', async () => {
  const { releaseHeld, goOneByOne, requestSweep } = releasing(2500);
  await releaseHeld({ id, delivery: 'webhook' });
  expect(goOneByOne).toHaveBeenCalledWith(id, 1000);
  expect(requestSweep).toHaveBeenCalledOnce();
});

it.each([
  [0, 'webhook'],
  [5, 'pull'],
] as const)('%s of one that takes them by %s needs no job', async (released, delivery) => {
  const { releaseHeld, goOneByOne, requestSweep } = releasing(released);
  await releaseHeld({ id, delivery });
  expect([goOneByOne, requestSweep].flatMap(({ mock }) => mock.calls)).toEqual([]);
});

it('without Redis they are left to the next sweep', async () => {
  const { releaseHeld, warn } = releasing(3, async () => {
    throw new Error('Redis is away');
  });
  await releaseHeld({ id, delivery: 'webhook' });
  expect(warn).toHaveBeenCalledOnce();
});
