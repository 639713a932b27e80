import type { Grant } from '@anika/core/access';
import { parseFieldMask } from '@anika/core/field-mask';
import type { Message } from '@anika/core/message';
import { expect, it } from 'vitest';
import { readerLens } from './readable-messages.ts';

const MASK = parseFieldMask({ exclude: ['data.secret'] });
if (!MASK.ok) throw new Error('no mask');
const GRANT = { types: [], history: true, fields: MASK.mask } as unknown as Grant;
const MESSAGE = {
  type: 'car.sold',
  key: 'k',
  dataText: '{"secret":1,"sum":40817810000012345677}',
  acceptedAtMs: 1,
} as Message;

it('shows what the mask leaves, with its digits, as text and parsed', async () => {
  const seen = await readerLens(GRANT, { now: () => 2 }).see(MESSAGE, { giveWay: async () => undefined });
  expect(seen?.dataText).toBe('{"sum":40817810000012345677}');
  expect(seen?.data).toMatchObject({ sum: { text: '40817810000012345677' } });
  expect(seen?.data).not.toHaveProperty('secret');
});

it('gives way before and after a mask is laid over a text: each may take long', async () => {
  const order: string[] = [];
  const message = {
    ...MESSAGE,
    get dataText() {
      order.push('text');
      return MESSAGE.dataText;
    },
  };
  await readerLens(GRANT, { now: () => 2 }).see(message, { giveWay: async () => void order.push('way') });
  expect(order.filter((step, at) => step !== order[at - 1])).toEqual(['text', 'way', 'text', 'way', 'text']);
});
