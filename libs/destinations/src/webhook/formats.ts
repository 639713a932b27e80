import type { WebhookBody } from '@anika/contracts/webhook';
import type { DestinationEvent } from '../destination.ts';

export type Composed = { readonly headers: { readonly 'content-type': string }; readonly body: string };

/** How an event becomes a body, and the headers that say what it is. */
export type Format = (event: DestinationEvent) => Composed;

/** ANIKA's own. */
export const anikaFormat: Format = ({ type, timestampMs, dataText, key, topic, publisher }) => {
  const timestamp = new Date(timestampMs).toISOString();
  const head: Omit<WebhookBody, 'data' | 'topic' | 'publisher'> = { type, timestamp, key };
  const tail: Pick<WebhookBody, 'topic' | 'publisher'> = { topic, publisher };
  return { headers: { 'content-type': 'application/json' }, body: spliced(head, dataText, tail) };
};

/** `data` goes in as text, so that its numbers, order and spelling arrive unchanged. */
function spliced(head: object, dataText: string, tail: object): string {
  return `${JSON.stringify(head).slice(0, -1)},"data":${dataText},${JSON.stringify(tail).slice(1)}`;
}
