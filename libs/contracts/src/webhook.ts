import { z } from 'zod';

const named = z.object({ id: z.string(), name: z.string() });

/** The headers ANIKA sets on each request to an endpoint, beside those of HTTP; what is sent is composed by this type. */
export const webhookHeaders = z.object({
  'content-type': z.string(),
  'user-agent': z.string(),
  'webhook-id': z.string().describe('The message id, the same over all attempts'),
  'webhook-timestamp': z.string().describe('Unix seconds of this attempt'),
  'webhook-signature': z
    .string()
    .describe(
      '`v1,<base64 HMAC-SHA256 of "id.timestamp.body">`, or `v1a,<base64 Ed25519 of the same>` where the subscription asks for it; of several keys one each, space-separated',
    ),
  traceparent: z
    .string()
    .describe('W3C Trace Context: the trace is the message, the same over all attempts; each is a span'),
  'anika-subscription-id': z.string().describe('Whose secret signs, where one address serves several'),
  'anika-delivery-id': z
    .string()
    .optional()
    .describe('Of deliveries: challenges, tests and notices are none'),
  'anika-attempt': z.string().optional().describe('Of deliveries: 1 and more'),
});

/** The body of `cloudevents-structured` (CloudEvents 1.0, JSON format). */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string().describe('`urn:anika:topic:` and the topic id'),
  type: z.string(),
  time: z.string(),
  subject: z.string().optional().describe('The key'),
  datacontenttype: z.literal('application/json'),
  anikatopic: z.string().describe('The name of the topic'),
  anikapublisher: z.string().describe('The id of the publisher'),
  data: z.unknown(),
});

/** The body; `data` is spliced in as it was published. */
export const webhookBody = z.object({
  type: z.string(),
  timestamp: z.string().describe('When the message was accepted'),
  key: z.string().optional(),
  data: z.unknown(),
  topic: named,
  publisher: named,
});

export type WebhookHeaders = z.output<typeof webhookHeaders>;
