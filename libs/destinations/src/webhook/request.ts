import type { WebhookHeaders } from '@anika/contracts/webhook';
import { traceparentOf } from '@anika/core/trace';
import type { DestinationEvent } from '../destination.ts';
import type { EncodeBody } from './encode-body.ts';
import type { Format } from './formats.ts';
import type { Signer } from './signers.ts';

export type SignedRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body in UTF-8: encoded once for its signature, its hash and its way. */
  readonly bytes: Buffer;
  /** Lower-case hex SHA-256 of the body. */
  readonly bodyHash: string;
  readonly signature: string;
  readonly spanId: string;
};

/** How an endpoint wants its requests. */
export type Form = {
  readonly subscriptionId: string;
  readonly format: Format;
  readonly sign: Signer;
  /** The subscriber's own; ours win. */
  readonly customHeaders: Readonly<Record<string, string>>;
};

export type Composing = {
  readonly nowMs: number;
  readonly userAgent: string;
  readonly spanId: string;
  readonly encodeBody: EncodeBody;
};

/** An event as one request, signed at that moment: the headers of Standard Webhooks 1.0 and ours. */
export async function composeRequest(
  event: DestinationEvent,
  { subscriptionId, format, sign, customHeaders }: Form,
  { nowMs, userAgent, spanId, encodeBody }: Composing,
): Promise<SignedRequest> {
  const { body, headers: described } = format(event);
  const { id, delivery } = event;
  const timestampSeconds = Math.floor(nowMs / 1000);
  const { bytes, sha256 } = encodeBody(body);
  const signing = sign({ id, timestampSeconds, body: bytes });
  const signature = typeof signing === 'string' ? signing : await signing;
  const ours: WebhookHeaders = {
    ...described,
    'user-agent': userAgent,
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
    traceparent: traceparentOf(id, spanId),
    'anika-subscription-id': subscriptionId,
    ...(delivery !== undefined && {
      'anika-delivery-id': delivery.id,
      'anika-attempt': String(delivery.attempt),
    }),
  };
  // Of a name that was not ours yet when it was stored, whatever its case, ours is the only one.
  const theirs = Object.entries(customHeaders).filter(([name]) => !(name.toLowerCase() in ours));
  const headers = { ...Object.fromEntries(theirs), ...ours };
  return { headers, body, bytes, signature, spanId, bodyHash: sha256 };
}
