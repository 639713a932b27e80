import type { NewDelivery } from '@anika/core/delivery/delivery';
import { expect, it } from 'vitest';
import { createStorePulled } from './store-pulled.ts';

const deliveries = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: n })) as never as NewDelivery[];

it('those of several messages are stored together, and drain() waits for them', async () => {
  const stored: number[] = [];
  const { store, drain } = createStorePulled(async (batch) => void stored.push(batch.length));
  void store(deliveries(3));
  void store(deliveries(2));
  await drain();
  expect(stored).toEqual([5]);
});

it('of a flood no more waits than can be kept in mind: the rest is refused, and left to who settles it', async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { store } = createStorePulled(() => opened);
  const rest = store(deliveries(10_001));
  await expect(rest).rejects.toMatchObject({ name: 'BatcherFullError' });
  open();
});
