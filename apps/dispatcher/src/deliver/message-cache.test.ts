import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { expect, it } from 'vitest';
import { createMessageCache } from './message-cache.ts';

it('a message evicted while it is loading still reaches those who wait for it', async () => {
  const waiting = new Map<MessageId, (message: Message) => void>();
  const { get } = createMessageCache((id) => new Promise((resolve) => waiting.set(id, resolve)));
  const large = (id: string) => ({ id, dataText: 'x'.repeat(4 * 1024 * 1024 - 600) }) as Message;
  const ids = Array.from({ length: 40 }, (_, n) => `msg_${n}` as MessageId);
  const loads = ids.map((id) => get(id));
  for (const id of ids.toReversed()) waiting.get(id)?.(large(id));
  expect((await Promise.all(loads)).map((message) => (message as Message).id)).toEqual(ids);
});

it('what is forgotten is loaded anew', async () => {
  const id = 'msg_1' as MessageId;
  let stored: Message | 'recalled' = { id, dataText: '{}' } as Message;
  const { get, forget } = createMessageCache(async () => stored);
  expect(await get(id)).toBe(stored);
  stored = 'recalled';
  expect(await get(id)).not.toBe('recalled');
  forget(id);
  expect(await get(id)).toBe('recalled');
});
