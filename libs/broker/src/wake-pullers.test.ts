import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { wakePullers } from './wake-pullers.ts';

type Store = Parameters<typeof wakePullers>[0];
const [A, B] = ['sub_a', 'sub_b'] as [SubscriptionId, SubscriptionId];

const delivery = (subscriptionId: SubscriptionId, more: object) =>
  ({ subscriptionId, state: 'pending', ...more }) as NewDelivery;

/** Of which it does so much each time. */
function world(count: number) {
  const woken: string[][] = [];
  let isStored = false;
  const counted = async () => {
    isStored = true;
    return count;
  };
  const store = {
    insert: counted,
    startReplayed: async () => {
      isStored = true;
      return [delivery(A, { pull: true }), delivery(B, {})].slice(0, count);
    },
    restartFailed: counted,
    releaseHeld: counted,
    redrive: counted,
    resendCancelled: counted,
    retry: async () => (count === 0 ? undefined : delivery(A, { pull: true })),
  } as unknown as Store;
  const waking = wakePullers(store, (ids) => {
    if (isStored) woken.push([...ids]);
  });
  return { waking, woken };
}

it('wakes once it is stored, whoever pulls what was made due', async () => {
  const { waking, woken } = world(3);
  await waking.insert([delivery(A, { pull: true }), delivery(A, { pull: true }), delivery(B, {})]);
  await waking.startReplayed({ id: 'rpl_1' as never, only: 'all' }, { make: [], again: [], ours: [] }, 0);
  await waking.restartFailed({ id: 'rpl_1' as never, subscriptionId: A }, 0);
  await waking.releaseHeld(A);
  await waking.redrive(B, {});
  await waking.resendCancelled([A, B], {});
  await waking.retry('dlv_1' as never, ['dead'], 0);
  expect(woken).toEqual([[A], [A], [A], [A], [B], [A, B], [A]]);
});

it('wakes nobody for nothing, for what is held, or for what is sent', async () => {
  const { waking, woken } = world(0);
  await waking.insert([]);
  await waking.insert([delivery(A, {}), delivery(B, { pull: true, state: 'held', reason: 'paused' })]);
  await waking.startReplayed({ id: 'rpl_1' as never, only: 'all' }, { make: [], again: [], ours: [] }, 0);
  await waking.restartFailed({ id: 'rpl_1' as never, subscriptionId: A }, 0);
  await waking.releaseHeld(A);
  await waking.redrive(B, {});
  await waking.resendCancelled([A, B], {});
  await waking.retry('dlv_1' as never, ['dead'], 0);
  expect(woken).toEqual([]);
});
