import type { CloudEvent, WebhookBody } from '@anika/contracts/webhook';
import type { Format as FormatName } from '@anika/core/subscription';
import type { DestinationEvent } from '../destination.ts';

export type Composed = {
  readonly headers: { readonly 'content-type': string } & Readonly<Record<string, string>>;
  readonly body: string;
};

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

/** CloudEvents 1.0, §3; the topic's name and the publisher are extension attributes. */
function attributesOf(event: DestinationEvent): Omit<CloudEvent, 'data' | 'datacontenttype'> {
  const { id, type, timestampMs, key, topic, publisher } = event;
  return {
    specversion: '1.0',
    id,
    source: `urn:anika:topic:${topic.id}`,
    type,
    time: new Date(timestampMs).toISOString(),
    ...(key !== undefined && { subject: key }),
    anikatopic: topic.name,
    anikapublisher: publisher.id,
  };
}

/** HTTP binding §3.2, JSON format. */
const structured: Format = (event) => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  body: spliced(attributesOf(event), event.dataText, { datacontenttype: 'application/json' }),
});

/** HTTP binding §3.1: the attributes are headers, the body is the data. */
const binary: Format = (event) => ({
  headers: {
    'content-type': 'application/json',
    ...Object.fromEntries(
      Object.entries(attributesOf(event)).map(([name, value]) => [`ce-${name}`, headerText(value)]),
    ),
  },
  body: event.dataText,
});

/** HTTP binding §3.1.3.2: what is no printable ASCII, a space, a quote and a percent sign are percent-encoded. */
function headerText(text: string): string {
  return text.replace(/[^\x21-\x7e]|["%]/gu, (one) =>
    [...Buffer.from(one)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  anika: anikaFormat,
  'cloudevents-structured': structured,
  'cloudevents-binary': binary,
};
