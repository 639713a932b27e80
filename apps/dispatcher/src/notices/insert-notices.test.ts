import { Failure } from '@anika/core/failures';
import { ItemError } from '@anika/runtime/split-on-failure';
import { Unavailable } from '@anika/runtime/unavailable';
import type { NewMessage } from '@anika/stores/mongo/messages';
import { expect, it } from 'vitest';
import { createInsertNotices, type InsertNoticesNeeds } from './insert-notices.ts';

const notice = (id: string) => ({ id }) as NewMessage & { readonly fingerprint: undefined };
const BATCH = ['a', 'b', 'bad', 'c'].map(notice);
const UNSTORABLE = new Failure('validation-failed', 'too large');

function inserting(insert: (ids: readonly string[]) => readonly unknown[]) {
  const putDown: string[] = [];
  const insertNotices = createInsertNotices({
    insert: (async (batch: readonly NewMessage[]) =>
      insert(batch.map(({ id }) => id))) as InsertNoticesNeeds['insert'],
  });
  return {
    putDown,
    async stored() {
      const kept = await insertNotices(BATCH, ({ id }, reason) => putDown.push(`${id}: ${reason.message}`));
      return kept.map(({ id }) => id);
    },
  };
}

it('notices that are stored, now or before, are there', async () => {
  const { stored, putDown } = inserting((ids) => ids.map((id) => (id === 'b' ? 'duplicate' : 'stored')));
  await expect(stored()).resolves.toEqual(['a', 'b', 'bad', 'c']);
  expect(putDown).toEqual([]);
});

it('one that no store would take is put down, and holds up no other', async () => {
  const { stored, putDown } = inserting((ids) =>
    ids.map((id) => (id === 'bad' ? new ItemError(UNSTORABLE) : 'stored')),
  );
  await expect(stored()).resolves.toEqual(['a', 'b', 'c']);
  expect(putDown).toEqual(['bad: too large']);
});

it('one because of which nothing could be sent to the store is found, and alone put down', async () => {
  const asked: string[] = [];
  const { stored, putDown } = inserting((ids) => {
    asked.push(ids.join());
    if (!ids.includes('bad')) return ids.map(() => 'stored');
    if (ids.length > 1) throw new RangeError('the document is too long');
    return [new ItemError(UNSTORABLE)];
  });
  await expect(stored()).resolves.toEqual(['a', 'b', 'c']);
  expect(putDown).toEqual(['bad: too large']);
  expect(asked).toEqual(['a,b,bad,c', 'a,b', 'bad,c', 'bad', 'c']);
});

it.each([new Error('the disk is full'), new Unavailable('MongoDB')])(
  'for any other reason all fail, and none is put down: %s',
  async (reason) => {
    const { stored, putDown } = inserting((ids) =>
      ids.map((id) => {
        if (id === 'a') return new ItemError(UNSTORABLE);
        return id === 'bad' ? new ItemError(reason) : 'stored';
      }),
    );
    await expect(stored()).rejects.toBe(reason);
    expect(putDown).toEqual([]);
  },
);
