import { isId } from '@anika/core/ids';
import { z } from 'zod';
import { instant, isStorable, NOT_STORABLE } from './common.ts';
import { messageKey } from './messages.ts';
import { messageParts } from './published-message.ts';

/** Also of an event's id and source: they may be longer than a header. */
const NAME_MAX = 1024;
/** CloudEvents 1.0.2 §2.2 leaves these out of every text. */
const CONTROL = /\p{Cc}/u;

function attribute(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !CONTROL.test(text), 'must not hold control characters')
    .refine(isStorable, NOT_STORABLE);
}

/** Lists are no type of CloudEvents: ids with commas between them. */
export function partnersOf(audience: string): string[] {
  return audience.split(',').map((one) => one.trim());
}

/**
 * A CloudEvent that is published: what becomes of each attribute is in docs/publishing.md. One that is null is none
 * (JSON format §2.2).
 */
export const publishedEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: attribute(NAME_MAX),
    source: attribute(NAME_MAX).describe('With `id` the idempotency key'),
    type: messageParts.type,
    subject: messageKey
      .refine((text) => !CONTROL.test(text), 'must not hold control characters')
      .nullish()
      .describe('The key'),
    time: instant.nullish().describe('Checked only: receivers see when the message was accepted'),
    datacontenttype: z
      .string()
      .regex(/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i, 'must be application/json')
      .nullish(),
    data: z.unknown().optional().describe('Any JSON value, at most 32 levels deep; none is null'),
    anikaaudience: attribute(40_000)
      .refine((text) => partnersOf(text).every((one) => isId('par', one)), 'must be ids that begin with par_')
      .refine((text) => partnersOf(text).length <= 1000, 'must name at most 1000 partners')
      .nullish()
      .describe('`audience`: ids with commas between them'),
    anikadeliverat: instant.nullish().describe('`deliverAt`'),
  })
  .catchall(z.null())
  .meta({ id: 'PublishedCloudEvent' });

export const PUBLISHED_EVENT = {
  specversion: '1.0',
  id: 'order-1003',
  source: 'https://cars.example/orders',
  type: 'car.selected',
  subject: 'customer-4711',
  time: '2026-11-23T10:00:00Z',
  data: { model: 'Лада Веста', price: 1749000 },
};
