import { LIMIT_KINDS } from '@anika/core/company-limits';
import { z } from 'zod';
import { ANY_CREDENTIAL, defineRoute } from './route.ts';

export const meta = defineRoute({
  id: 'meta',
  module: 'topics',
  method: 'get',
  path: '/v1/meta',
  summary: 'What this installation is and allows',
  access: ANY_CREDENTIAL,
  success: {
    status: 200,
    schema: z.object({
      version: z.string(),
      limits: z.object({
        company: z
          .record(z.enum(LIMIT_KINDS), z.number().int())
          .describe('How many of each your company may have'),
        messageBytes: z.number().int(),
        publishPerSecond: z.number().int(),
        readPerSecond: z.number().int(),
        managePerSecond: z.number().int(),
        searches: z.number().int().describe('At once'),
        streams: z.number().int().describe('At once'),
        subscriptionsPerTopic: z.number().int(),
      }),
      retrySchedule: z
        .array(z.number())
        .nullable()
        .describe('Seconds before each attempt, ± 20 % from the second on; null while no dispatcher runs'),
      egressAddresses: z.array(z.string()).describe('Where webhooks come from, as the operator says'),
    }),
    description: 'The installation',
  },
});
