import { BODIES, cloudAttributes } from '@anika/core/delivery/event-body';
import type { Format as FormatName } from '@anika/core/subscription';
import type { DestinationEvent } from '../destination.ts';

export type Composed = {
  readonly headers: { readonly 'content-type': string } & Readonly<Record<string, string>>;
  readonly body: string;
};

/** How an event becomes a body, and the headers that say what it is. */
export type Format = (event: DestinationEvent) => Composed;

/** ANIKA's own. */
export const anikaFormat: Format = (event) => ({
  headers: { 'content-type': 'application/json' },
  body: BODIES.anika(event),
});

/** HTTP binding §3.2, JSON format. */
const structured: Format = (event) => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  body: BODIES['cloudevents-structured'](event),
});

/** HTTP binding §3.1: the attributes are headers, the body is the data. */
const binary: Format = (event) => ({
  headers: {
    'content-type': 'application/json',
    ...Object.fromEntries(
      Object.entries(cloudAttributes(event)).map(([name, value]) => [`ce-${name}`, headerText(value)]),
    ),
  },
  body: BODIES['cloudevents-binary'](event),
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
