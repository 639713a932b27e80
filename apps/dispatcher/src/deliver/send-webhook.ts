import type { SendResult } from '@anika/core/delivery/attempt-result';
import type { Delivery } from '@anika/core/delivery/delivery';
import { composeBody, signRequest } from '@anika/destinations/webhook/request';
import type { Sent } from './attempt-record.ts';
import type { SendContext } from './deliver-message.ts';
import type { ReadyTarget } from './targets.ts';

export type SendWebhookNeeds = {
  readonly send: (request: {
    partnerId: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    body: string;
    timeoutMs: number;
    signal: AbortSignal;
  }) => Promise<SendResult>;
  readonly userAgent: string;
  readonly clock: { now(): number };
};

/**
 * One attempt: what the reader may see of the message, signed at this moment, to its endpoint. Undefined when no place
 * of ours was free: nothing has left the machine.
 */
export function createSendWebhook({ send, userAgent, clock }: SendWebhookNeeds) {
  return async (
    delivery: Delivery,
    ready: ReadyTarget,
    { message, signal }: SendContext,
  ): Promise<Sent | undefined> => {
    const { target, mask, secrets, customHeaders } = ready;
    const { subscription, topic } = target;
    const atMs = clock.now();
    const body = composeBody({
      type: message.type,
      timestampMs: message.acceptedAtMs,
      dataText: mask === undefined ? message.dataText : mask.applyText(message.dataText),
      key: mask === undefined || mask.showsKey ? message.key : undefined,
      topic: { id: topic.id, name: topic.name },
      publisher: { id: topic.ownerId, name: topic.ownerName },
    });
    const { headers, bodyHash, signature } = signRequest({
      id: message.id,
      body,
      secrets,
      nowMs: atMs,
      userAgent,
      customHeaders,
      subscriptionId: subscription.id,
      deliveryId: delivery.id,
      attempt: delivery.attemptCount + 1,
    });
    const { partnerId, url, timeoutMs } = subscription;
    const result = await send({ partnerId, url, headers, body, timeoutMs, signal });
    return result.kind === 'not-sent' ? undefined : { result, atMs, bodyHash, signature };
  };
}
