import { hash } from 'node:crypto';
import { signWebhook } from './sign.ts';

/** What an endpoint is told about an event; `dataText` is the JSON of `data` as it was published. */
export type WebhookEvent = {
  readonly type: string;
  readonly timestampMs: number;
  readonly dataText: string;
  readonly key: string | undefined;
  readonly topic: { readonly id: string; readonly name: string };
  readonly publisher: { readonly id: string; readonly name: string };
};

/** The JSON body; `data` is spliced in as text, so that its numbers, order and spelling arrive unchanged. */
export function composeBody(event: WebhookEvent): string {
  const { type, timestampMs, dataText, key, topic, publisher } = event;
  const timestamp = new Date(timestampMs).toISOString();
  const head = JSON.stringify({ type, timestamp, ...(key !== undefined && { key }) });
  const tail = JSON.stringify({ topic, publisher });
  return `${head.slice(0, -1)},"data":${dataText},${tail.slice(1)}`;
}

export type SignedRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Lower-case hex SHA-256 of the body. */
  readonly bodyHash: string;
  readonly signature: string;
};

type SigningInput = {
  /** `webhook-id`: the same over all attempts. */
  readonly id: string;
  readonly body: string;
  /** Whoever has one of these can verify the request; the current one first. */
  readonly secrets: readonly string[];
  readonly nowMs: number;
  readonly userAgent: string;
  /** The subscriber's own headers; ours win. */
  readonly customHeaders: Readonly<Record<string, string>> | undefined;
  readonly subscriptionId?: string;
  readonly deliveryId?: string;
  readonly attempt?: number;
};

/** Headers and signature of Standard Webhooks 1.0. */
export function signRequest(input: SigningInput): SignedRequest {
  const { id, body, secrets, subscriptionId, deliveryId, attempt } = input;
  const timestampSeconds = Math.floor(input.nowMs / 1000);
  const signature = signWebhook({ id, timestampSeconds, body, secrets });
  const headers = {
    ...input.customHeaders,
    'content-type': 'application/json',
    'user-agent': input.userAgent,
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
    ...(subscriptionId !== undefined && { 'anika-subscription-id': subscriptionId }),
    ...(deliveryId !== undefined && { 'anika-delivery-id': deliveryId }),
    ...(attempt !== undefined && { 'anika-attempt': String(attempt) }),
  };
  return { headers, body, signature, bodyHash: hash('sha256', body) };
}
