import { STREAM_KINDS, type StreamKind } from '@anika/core/stream/stream-event';
import { z } from 'zod';
import { id } from './common.ts';
import { defineRoute, MEMBERS_READ } from './route.ts';

function isKind(text: string): text is StreamKind {
  const kinds: readonly string[] = STREAM_KINDS;
  return kinds.includes(text);
}

const kinds = z
  .string()
  .max(100)
  .refine((text) => text.split(',').every(isKind), `must be some of ${STREAM_KINDS.join(',')}`)
  .default(STREAM_KINDS.join(','))
  .describe('Which events, separated by commas')
  .transform((text): StreamKind[] => text.split(',').filter(isKind));

export const stream = defineRoute({
  id: 'stream',
  module: 'messages',
  method: 'get',
  path: '/v1/stream',
  summary: 'Messages, deliveries, attempts and states as they happen',
  description:
    'Server-sent events `message`, `delivery`, `attempt` and `state`: ids, times and states, no content, no address, no ' +
    'answer. An owner sees its topics with the deliveries of all readers, a reader the messages that its grants let it ' +
    'read now and its own deliveries. `id` is a position: sent back as `Last-Event-ID` the stream goes on after it, up ' +
    'to an hour back; an event may then come twice. Event `lost`: what lay between is not known any more. Event `end` ' +
    'says why the stream ends: `restarting`, `too-slow`, `time-over`, `signed-out`, `access-ended`. A comment comes ' +
    'every 15 s. A company may have a few streams open at once (ANIKA_MAX_STREAMS), and catch up ten times in 10 s; then 429.',
  access: MEMBERS_READ,
  query: z.strictObject({
    kinds,
    topicId: id('top').optional().describe('Of this topic alone'),
    subscriptionId: id('sub').optional().describe('Of this subscription alone; then no `message`'),
    seconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe('End after so long; left out: when the client goes'),
  }),
  example: { query: { kinds: 'delivery,state', seconds: '1' } },
  success: {
    status: 200,
    contentType: 'text/event-stream',
    description: 'The stream',
  },
  failures: ['not-found'],
});
