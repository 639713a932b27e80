import { said } from '@anika/core/field-rules';
import { isReservedType } from '@anika/core/message';
import { SCHEDULE_MAX_DAYS, SCHEDULED_MAX } from '@anika/core/schedule';
import { z } from 'zod';
import { id, instant, ruled } from './common.ts';
import { messageKey, messageType } from './messages.ts';

const data = z
  .unknown()
  .refine((value) => value !== undefined, 'is required (any JSON value)')
  .describe('Any JSON value, at most 32 levels deep');
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

export const messageParts = {
  type: messageType.refine((type) => !isReservedType(type), ruled(said('reserved-type'))),
  data,
  key: messageKey.optional().describe("The publisher's own key, e.g. a customer number"),
  audience: z.array(id('par')).min(1).max(1000).optional().describe('Only these of the granted partners'),
  deliverAt: instant
    .optional()
    .describe(
      `When it is to be sent, at most ${SCHEDULE_MAX_DAYS} days ahead; a time that has passed: at once. A company has at most ${SCHEDULED_MAX} waiting`,
    ),
};

export const publishedMessage = z.strictObject(messageParts);

/** One message of a batch, checked for itself so that a bad one does not spoil the others. */
export const batchItem = z.strictObject({ ...messageParts, idempotencyKey: idempotencyKey.optional() });
