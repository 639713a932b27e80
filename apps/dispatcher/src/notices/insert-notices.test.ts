import { ItemError } from '@anika/runtime/split-on-failure';
import { expect, it } from 'vitest';
import { createInsertNotices } from './insert-notices.ts';

type Insert = Parameters<typeof createInsertNotices>[0];

const inserting = (...outcomes: unknown[]) =>
  createInsertNotices((async () => outcomes) as unknown as Insert);

it('notices that are stored, now or before, are', async () => {
  await expect(inserting({ kind: 'stored' }, { kind: 'replayed' })([])).resolves.toBeUndefined();
});

it('one that could not be stored fails all, with its reason: those told of again are found to be there', async () => {
  const reason = new Error('the disk is full');
  await expect(inserting({ kind: 'stored' }, new ItemError(reason))([])).rejects.toBe(reason);
});
