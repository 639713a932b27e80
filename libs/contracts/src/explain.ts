import { RULE_NAMES } from '@anika/core/audience/rules';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { z } from 'zod';
import { id, idParams, pageOf, pageQuery } from './common.ts';
import { defineRoute, MEMBERS_READ } from './route.ts';

const rule = z.object({
  rule: z.enum(RULE_NAMES),
  held: z.boolean(),
  detail: z.string().describe('What was compared; for people, and no more than the caller may see'),
});

export const explanation = z
  .object({
    partnerId: z.string(),
    partnerName: z.string(),
    subscriptionId: z.string().nullable().describe('null: the company has no subscription on this topic'),
    outcome: z.enum(['delivery', 'none']).describe('What happened: whether there is a delivery'),
    deliveryId: z.string().nullable(),
    state: z.enum(DELIVERY_STATES).nullable(),
    reason: z.string().nullable().describe('Of the delivery, in a state that has one'),
    changedSince: z
      .array(z.enum(['grant', 'subscription']))
      .describe('What was changed after the message was accepted: the rules may have been others then'),
    rules: z.array(rule).describe('What the rules say now, in the order in which they are judged'),
  })
  .meta({ id: 'Explanation' });

export const explainMessage = defineRoute({
  id: 'explainMessage',
  module: 'messages',
  method: 'get',
  path: '/v1/messages/{id}/explain',
  summary: 'Why a message came to a subscription, or did not',
  description:
    'A row for each reader and subscription: for the owner of all, for a reader of its own. The rules are judged as they are now; what happened is in `outcome`, `state` and `reason`. Rules that come after the one that keeps a message from a reader are left out. The owner sees of what a reader asks for only that it was its choice; a reader sees nothing of a message that it may not read. Whoever never had a grant on the topic gets 404.',
  access: MEMBERS_READ,
  params: idParams,
  query: pageQuery.extend({
    subscriptionId: id('sub').optional(),
    partnerId: id('par').optional(),
  }),
  example: { query: { limit: '20' } },
  success: {
    status: 200,
    schema: pageOf(explanation).extend({ messageId: z.string() }),
    description: 'A page of explanations, in the order of the ids of companies and subscriptions',
  },
  failures: ['not-found', 'rate-limited'],
});
