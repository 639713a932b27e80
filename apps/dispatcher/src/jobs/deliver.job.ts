import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { z } from 'zod';
import type { Command, JobOutcome } from '../deliver/deliver-message.ts';

const payload = z.object({
  deliveryId: z.string().startsWith('dlv_'),
  messageId: z.string().startsWith('msg_'),
  subscriptionId: z.string().startsWith('sub_'),
  g: z.number().int().positive(),
  dueMs: z.number().optional(),
  fresh: z.boolean().optional(),
});

/** A job of the `deliver` queue. One that cannot be read is put down: trying again would not help. */
export function createDeliverJob(
  deliver: (command: Command, signal: AbortSignal) => Promise<JobOutcome>,
  unreadable: (data: unknown) => void,
): (data: unknown, run: { signal: AbortSignal; isFirst: boolean }) => Promise<JobOutcome> {
  return async (data, { signal, isFirst }) => {
    const parsed = payload.safeParse(data);
    if (!parsed.success) {
      unreadable(data);
      return { kind: 'done' };
    }
    const { deliveryId, messageId, subscriptionId, g, dueMs, fresh = false } = parsed.data;
    const command: Command = {
      deliveryId: deliveryId as DeliveryId,
      messageId: messageId as MessageId,
      subscriptionId: subscriptionId as SubscriptionId,
      generation: g,
      dueMs,
      isFresh: fresh && isFirst,
    };
    return deliver(command, signal);
  };
}
