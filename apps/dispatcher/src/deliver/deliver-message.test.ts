import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { type Command, createDeliverMessage, type DeliverNeeds } from './deliver-message.ts';
import type { ReadyTarget } from './targets.ts';

const NOW_MS = 1_800_000_000_000;

function commandOf(n: number): Command {
  return {
    deliveryId: `dlv_${n}` as DeliveryId,
    messageId: `msg_${n}` as MessageId,
    subscriptionId: 'sub_1' as SubscriptionId,
    generation: 1,
    dueMs: undefined,
    isFresh: false,
  };
}

it('a delivery that waited for its turn gets a job of its own when the turn meets an error', async () => {
  const queued: [Command, number][] = [];
  const left: string[] = [];
  const waiting = commandOf(2);
  const needs = {
    findTarget: async () => ({ target: {} }) as ReadyTarget,
    findMessage: async () => undefined,
    // The first is of the past; for the second the database is away.
    async findDelivery(id: DeliveryId) {
      if (id === waiting.deliveryId) throw new Error('away');
      return undefined;
    },
    lane: {
      enter: async () => ({ kind: 'go' as const }),
      async leave(command: Command) {
        left.push(command.deliveryId);
        return command.deliveryId === waiting.deliveryId ? undefined : waiting;
      },
    },
    queueAgain: async (command: Command, atMs: number) => void queued.push([command, atMs]),
    clock: { now: () => NOW_MS },
  } as unknown as DeliverNeeds;
  const deliver = createDeliverMessage(needs);
  await expect(deliver(commandOf(1), new AbortController().signal)).rejects.toThrow('away');
  expect(queued).toEqual([[waiting, NOW_MS + 2000]]);
  expect(left).toEqual(['dlv_1', 'dlv_2']);
});
