import type { IdPrefix, IdWith } from '@anika/core/ids';
import { z } from 'zod';

function id<P extends IdPrefix>(prefix: P) {
  const form = new RegExp(`^${prefix}_[0-9a-z]+$`);
  return z.custom<IdWith<P>>((value) => typeof value === 'string' && form.test(value));
}

/**
 * A job of the queue `deliver` as it lies in Redis: one delivery, in one of its generations. `seal` holds the message,
 * where it is small, and proves that the rest was written by ANIKA. A reader that does not know the version puts the
 * job down; the sweep makes it again.
 */
export const deliverJobV1 = z.strictObject({
  v: z.literal(1),
  deliveryId: id('dlv'),
  messageId: id('msg'),
  subscriptionId: id('sub'),
  /** The delivery's generation. */
  g: z.number().int().positive(),
  /** When it first became due, in milliseconds since the epoch: who waits for the endpoint goes in this order. */
  dueMs: z.number().optional(),
  /** Made by the fan-out itself: nothing can have been recorded of it before its job first runs. */
  fresh: z.literal(true).optional(),
  seal: z.string(),
});
export type DeliverJobV1 = z.infer<typeof deliverJobV1>;

/** A job of the queue `dead-letter`: what an operator sees of a delivery that was given up. */
export const deadLetterJobV1 = z.strictObject({
  /** Left out by the versions before the first that counted. */
  v: z.literal(1).default(1),
  deliveryId: id('dlv'),
  messageId: id('msg'),
  subscriptionId: id('sub'),
  g: z.number().int().positive(),
  reason: z.string(),
});
export type DeadLetterJobV1 = z.infer<typeof deadLetterJobV1>;

/** What a small message is inside a seal, in this order. */
export const sealedMessageV1 = z.tuple([
  id('top'),
  id('par'),
  z.string(),
  z.string().nullable(),
  z.number(),
  z.array(id('par')).nullable(),
  z.number().nullable(),
  z.string(),
  /** The request's id, for the logs. Left out by the versions before the first that had it. */
  z.string().nullable().optional(),
]);
