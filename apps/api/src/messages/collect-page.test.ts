import type { Message } from '@anika/core/message';
import type { MessageSearch } from '@anika/stores/mongo/message-search';
import { expect, it } from 'vitest';
import { collectPage, type Looking } from './collect-page.ts';
import type { VisibleMessage } from './readable-messages.ts';

/** A store of messages of one size, newest first, that notes how many it was asked for. */
function storeOf(count: number, size: number) {
  const asked: number[] = [];
  const dataText = JSON.stringify('x'.repeat(size));
  async function find({ after, limit }: MessageSearch) {
    asked.push(limit);
    const from = after === undefined ? 0 : count - after.acceptedAtMs + 1;
    const messages = Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, n) => ({
      id: `msg_${from + n}`,
      acceptedAtMs: count - from - n,
      dataText,
    })) as unknown as Message[];
    const last = messages.at(-1);
    const isMore = from + messages.length < count;
    return { messages, next: isMore && last ? { acceptedAtMs: last.acceptedAtMs, id: last.id } : undefined };
  }
  return { asked, find };
}

const collect = (
  { find }: Pick<ReturnType<typeof storeOf>, 'find'>,
  limit: number,
  looking: Partial<Looking> = {},
) =>
  collectPage({ limit, scopes: [] }, find, {
    scanMax: 2000,
    see: async (message) => message as unknown as VisibleMessage,
    isWanted: () => true,
    ...looking,
  });

it('reads about as many as fill a page, once it knows how large they are', async () => {
  const large = storeOf(200, 45_000);
  const page = await collect(large, 100);
  expect(page.messages).toHaveLength(23);
  expect(page.next).toBeDefined();
  expect(large.asked).toEqual([10, 23]);
  const small = storeOf(200, 100);
  expect((await collect(small, 100)).messages).toHaveLength(100);
  expect(small.asked).toEqual([10, 91]);
  const few = storeOf(5, 100);
  expect(await collect(few, 100)).toMatchObject({ next: undefined });
  expect(few.asked).toEqual([10]);
});

it.each([
  { isWanted: false, scanMax: 200, limit: 20, end: 200 },
  { isWanted: true, scanMax: 50, limit: 100, end: 100 },
])(
  'ends at the same message, however much of each is hidden: %o',
  async ({ isWanted, scanMax, limit, end }) => {
    for (const hidden of [0, 3000, 20_000, 45_000, 200_000]) {
      const { next } = await collect(storeOf(1000, hidden), limit, {
        scanMax,
        see: async (message) => ({ ...message, dataText: '1' }) as unknown as VisibleMessage,
        isWanted: () => isWanted,
      });
      expect({ hidden, looked: 1000 - (next?.acceptedAtMs ?? 0) + 1 }).toEqual({ hidden, looked: end });
    }
  },
);
