import type { MessageId } from '@anika/core/ids';
import { expect, it, vi } from 'vitest';
import type { AcceptedMessage } from './new-message.ts';
import { createStoreMessages } from './store-messages.ts';

const messageOf = (n: number, chars: number) =>
  ({ id: `msg_${n}` as MessageId, dataText: `"${'x'.repeat(chars)}"` }) as AcceptedMessage;

it('no small message waits for a large one, and two groups of large ones are on their way', async () => {
  let write = () => {};
  const written = new Promise<void>((resolve) => {
    write = resolve;
  });
  const batches: number[] = [];
  const { store, drain } = createStoreMessages(async (batch) => {
    batches.push(batch.length);
    if (batch.some(({ dataText }) => dataText.length > 100_000)) await written;
    return batch.map(() => 'stored' as const);
  });
  const { signal } = new AbortController();
  const large = Array.from({ length: 20 }, (_, n) => store(messageOf(n, 200_000), signal));
  await expect(store(messageOf(20, 10), signal)).resolves.toBe('stored');
  await vi.waitFor(() => expect(batches.toSorted()).toEqual([1, 8, 8]));
  write();
  await drain();
  expect(await Promise.all(large)).toHaveLength(20);
});
