import type { SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createReleaseIfActive } from './release-if-active.ts';

const id = 'sub_1' as SubscriptionId;

async function done({ active, held }: { active: boolean; held: number }): Promise<string[]> {
  const calls: string[] = [];
  const release = createReleaseIfActive({
    activeAmong: async (ids) => (active ? ids : []),
    async releaseHeld(one) {
      calls.push(`release ${one}`);
      return held;
    },
    released: async () => void calls.push('released'),
  });
  await release(id);
  return calls;
}

it('what was written as held goes when its subscription is active by then, and who makes jobs is told', async () => {
  expect(await done({ active: true, held: 2 })).toEqual(['release sub_1', 'released']);
});

it('nobody is told when none was held any more', async () => {
  expect(await done({ active: true, held: 0 })).toEqual(['release sub_1']);
});

it('of one that is paused nothing is let go', async () => {
  expect(await done({ active: false, held: 2 })).toEqual([]);
});
