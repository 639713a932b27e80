import { eventOf } from '@anika/broker/event-of';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { Tried } from '@anika/destinations/destination';
import type { WebhookDestination } from '@anika/destinations/webhook/webhook';

import type { SendContext } from './deliver-needs.ts';
import type { ReadyTarget } from './ready-target.ts';

/**
 * One attempt: what the reader may see of the message, to its endpoint. Undefined when no place of ours was free:
 * nothing has left the machine.
 */
export function createSendWebhook({ send }: Pick<WebhookDestination, 'send'>) {
  return async (
    delivery: Delivery,
    ready: ReadyTarget,
    { message, signal }: SendContext,
  ): Promise<Tried | undefined> => {
    const event = eventOf(delivery, ready, { message, attempt: delivery.attemptCount + 1 });
    const tried = await send(event, ready.endpoint, { signal });
    return tried.kind === 'not-sent' ? undefined : tried;
  };
}
