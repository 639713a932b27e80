import type { Format } from '../subscription.ts';

type Named = { readonly id: string; readonly name: string };

/** A message as it is told to one reader; `dataText` is the JSON of `data` as that reader may see it. */
export type EventToSend = {
  readonly id: string;
  readonly type: string;
  /** Of its acceptance or, where it was scheduled, of its time. */
  readonly timestampMs: number;
  readonly dataText: string;
  readonly key?: string | undefined;
  readonly topic: Named;
  readonly publisher: Named;
};

/** The body of a request, byte for byte: whoever has the parts can compute its hash again. */
export const BODIES: Readonly<Record<Format, (event: EventToSend) => string>> = {
  anika: ({ type, timestampMs, dataText, key, topic, publisher }) =>
    spliced({ type, timestamp: iso(timestampMs), key }, dataText, { topic, publisher }),
  'cloudevents-structured': (event) =>
    spliced(cloudAttributes(event), event.dataText, { datacontenttype: 'application/json' }),
  'cloudevents-binary': ({ dataText }) => dataText,
};

/** CloudEvents 1.0, §3; the topic's name and the publisher are extension attributes. */
export function cloudAttributes({ id, type, timestampMs, key, topic, publisher }: EventToSend) {
  return {
    specversion: '1.0',
    id,
    source: `urn:anika:topic:${topic.id}`,
    type,
    time: iso(timestampMs),
    ...(key !== undefined && { subject: key }),
    anikatopic: topic.name,
    anikapublisher: publisher.id,
  } as const;
}

/** `data` goes in as text, so that its numbers, order and spelling arrive unchanged. */
function spliced(head: object, dataText: string, tail: object): string {
  return `${JSON.stringify(head).slice(0, -1)},"data":${dataText},${JSON.stringify(tail).slice(1)}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
