import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { prioritiesOf } from './priorities.ts';

const OWNER = 'par_owner' as PartnerId;

function deliveries(reader: string, count: number, message = 'msg_1'): NewDelivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${message}_${reader}_${n}` as DeliveryId,
    messageId: message as MessageId,
    ownerId: OWNER,
    partnerId: reader as PartnerId,
  })) as unknown as NewDelivery[];
}

it('counts what a reader has beyond some subscriptions as its own doing', () => {
  const counted: [string, number][] = [];
  const all = [
    ...deliveries('par_greedy', 2000),
    ...deliveries('par_modest', 1),
    ...deliveries('par_greedy', 2000, 'msg_2'),
    ...deliveries('par_modest', 1, 'msg_2'),
  ];
  const priorities = prioritiesOf(all, {
    priorityOf(by, jobs) {
      counted.push([by, jobs]);
      return by === 'reader par_greedy' ? 11 : 0;
    },
  });
  expect(counted).toEqual([
    [OWNER, 10],
    ['reader par_greedy', 3992],
  ]);
  expect(priorities.get('msg_1_par_modest_0' as DeliveryId)).toBe(0);
  expect(priorities.get('msg_1_par_greedy_3' as DeliveryId)).toBe(0);
  expect(priorities.get('msg_1_par_greedy_4' as DeliveryId)).toBe(11);
});

it('counts everything of an owner that reads its own topic as its own', () => {
  const counted: [string, number][] = [];
  prioritiesOf(deliveries(OWNER, 50), {
    priorityOf(by, jobs) {
      counted.push([by, jobs]);
      return 0;
    },
  });
  expect(counted).toEqual([[OWNER, 50]]);
});
