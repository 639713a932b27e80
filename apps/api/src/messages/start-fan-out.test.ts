import type { MessageId, PartnerId } from '@anika/core/ids';
import { expect, it, vi } from 'vitest';
import type { AcceptedMessage } from './new-message.ts';
import { createStartFanOut } from './start-fan-out.ts';

const messageOf = (n: number, ownerId: string) =>
  ({ id: `msg_${n}` as MessageId, ownerId: ownerId as PartnerId }) as AcceptedMessage;

it('what waits behind a flood is its own', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done: string[] = [];
  const { start, drain } = createStartFanOut({
    async fanOut(batch) {
      if (batch.some(({ ownerId }) => ownerId === 'par_flood')) await released;
      done.push(...batch.map(({ id }) => id));
    },
    isFlood: (ownerId) => ownerId === 'par_flood',
    logger: { warn: vi.fn() },
  });
  for (let n = 0; n < 5; n += 1) start(messageOf(n, 'par_flood'));
  start(messageOf(9, 'par_other'));
  await vi.waitFor(() => expect(done).toEqual(['msg_9']), { timeout: 5000 });
  release();
  await drain();
  expect(done).toHaveLength(6);
});

it('nobody hears of one that fails but the log: the sweep goes on with it', async () => {
  const warn = vi.fn();
  const { start, drain } = createStartFanOut({
    fanOut: async () => {
      throw new Error('MongoDB is away');
    },
    isFlood: () => false,
    logger: { warn },
  });
  start(messageOf(1, 'par_1'));
  await drain();
  await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce(), { timeout: 5000 });
});
