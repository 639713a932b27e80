import type { Delivery } from '@anika/core/delivery/delivery';
import type { Tried } from '@anika/destinations/destination';
import type { WebhookDestination } from '@anika/destinations/webhook/webhook';

import type { SendContext } from './deliver-message.ts';
import type { ReadyTarget } from './targets.ts';

/**
 * One attempt: what the reader may see of the message, to its endpoint. Undefined when no place of ours was free:
 * nothing has left the machine.
 */
export function createSendWebhook({ send }: Pick<WebhookDestination, 'send'>) {
  return async (
    delivery: Delivery,
    { target: { topic }, mask, endpoint }: ReadyTarget,
    { message, signal }: SendContext,
  ): Promise<Tried | undefined> => {
    const event = {
      id: message.id,
      type: message.type,
      timestampMs: message.acceptedAtMs,
      dataText: mask === undefined ? message.dataText : mask.applyText(message.dataText),
      key: mask === undefined || mask.showsKey ? message.key : undefined,
      topic: { id: topic.id, name: topic.name },
      publisher: { id: topic.ownerId, name: topic.ownerName },
      delivery: { id: delivery.id, attempt: delivery.attemptCount + 1 },
    };
    const tried = await send(event, endpoint, { signal });
    return tried.kind === 'not-sent' ? undefined : tried;
  };
}
