import { createNoticeKeeper } from '@anika/broker/keep-notices';
import type { Message } from '@anika/core/message';
import type { Notice } from '@anika/core/notice/notice';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { id, openTestMongo, type TestMongo } from '@anika/stores/mongo/test-mongo';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInsertNotices } from './insert-notices.ts';

let test: TestMongo;
beforeAll(async () => {
  test = await openTestMongo();
});
afterAll(() => test.close());

/** Longer than a document may be. */
const ENDLESS = 'x'.repeat(17_000_000);

function noticeOf(source: string, reason: string): Notice {
  return {
    type: 'anika.message.recalled',
    partnerId: id('par'),
    subjectId: id('msg'),
    byUserId: undefined,
    source,
    data: { at: '2026-11-28T00:00:00.000Z', reason },
  };
}

it('a notice that MongoDB takes in no way is put down, and the others are stored and sent', async () => {
  const messages = createMessageStore(test.mongo);
  const putDown: unknown[] = [];
  const sent: Message[] = [];
  const keeper = createNoticeKeeper({
    insert: createInsertNotices({
      insert: messages.insert,
    }),
    fanOut: async (batch) => void sent.push(...batch),
    order: () => 0,
    failed: (error) => {
      throw error;
    },
    clock: { now: Date.now },
  });
  const [first, bad, last] = [noticeOf('1', 'a'), noticeOf('2', ENDLESS), noticeOf('3', 'b')] as const;
  const kept = await keeper.keep([first, bad, last], ({ ownerId }, { code }) => {
    putDown.push({ ownerId, code });
  });
  await keeper.send();

  expect(kept.map(({ partnerId }) => partnerId)).toEqual([first.partnerId, last.partnerId]);
  expect(putDown).toEqual([{ ownerId: bad.partnerId, code: 'validation-failed' }]);
  const ids = kept.map(({ messageId }) => messageId);
  expect(sent.map((message) => message.id)).toEqual(ids);
  expect([...(await messages.findMany(ids)).keys()].sort()).toEqual([...ids].sort());
});
