import type { SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createNoteDead } from './note-dead.ts';

const dead = (id: string) => ({ subscriptionId: id as SubscriptionId });

it('deaths of one moment are noted together, and each is known to be noted', async () => {
  const noted: unknown[] = [];
  const { note } = createNoteDead(async (deaths) => void noted.push(deaths));
  await Promise.all([note(dead('sub_1'), 5), note(dead('sub_2'), 6)]);
  expect(noted).toEqual([
    [
      { id: 'sub_1', sinceMs: 5 },
      { id: 'sub_2', sinceMs: 6 },
    ],
  ]);
});

it('one that could not be noted is not taken for noted', async () => {
  const { note, drain } = createNoteDead(async () => {
    throw new Error('PostgreSQL is away');
  });
  await expect(note(dead('sub_1'), 5)).rejects.toThrow('PostgreSQL is away');
  await drain();
});
