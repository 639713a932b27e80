import { RULE_NAMES } from '@anika/core/audience/rules';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { SUBSCRIPTION_STATES } from '@anika/core/subscription';
import { z } from 'zod';
import { id, idParams, pageOf, pageQuery } from './common.ts';
import { defineRoute, MEMBERS_READ } from './route.ts';

const version = z.number().int();
const until = z.string().nullable().describe('null: no end');
const someValues = z.object({
  values: z.array(z.string()).describe('As JSON text, cut where they are long'),
  more: z.number().int().describe('Beyond these'),
});
const level = z.number().int().describe('It belongs to the nearest line above with a lower one');

export const filterLine = z.union([
  z.object({ level, join: z.enum(['and', 'or', 'not']), held: z.boolean() }),
  z.object({
    level,
    path: z.string(),
    operator: z.enum(['eq', 'in', 'exists', 'prefix', 'gt', 'gte', 'lt', 'lte']),
    asked: someValues,
    held: z.boolean(),
    found: z.enum(['nothing', 'values', 'object', 'empty-array']),
    there: someValues.describe('What is at the path'),
  }),
]);

export const ruleFact = z.discriminatedUnion('says', [
  z.object({
    says: z.enum([
      'own-word',
      'readers-choice',
      'both-active',
      'owner-suspended',
      'reader-suspended',
      'owner-reads',
      'no-grant',
      'all-types',
      'no-filter',
      'for-all',
      'for-you',
      'not-for-you',
      'with-history',
      'no-subscription',
    ]),
  }),
  z.object({ says: z.literal('grant-in-force'), version, until }),
  z.object({ says: z.literal('grant-expired'), version, until }),
  z.object({
    says: z.literal('grant-ended'),
    version,
    by: z.enum(['owner', 'reader']).nullable(),
    at: z.string().nullable(),
  }),
  z.object({
    says: z.literal('types'),
    types: z.array(z.string()),
    more: z.number().int().describe('Types beyond these'),
    type: z.string().nullable().describe('Of the message; null to a reader who may not read it'),
  }),
  z.object({ says: z.literal('filter'), filter: z.string() }),
  z.object({
    says: z.literal('conditions'),
    lines: z.array(filterLine).describe('What a filter asks for, and what is there'),
  }),
  z.object({ says: z.literal('for-named'), count: z.number().int() }),
  z.object({
    says: z.literal('granted-since'),
    since: z.string(),
    acceptedAt: z.string().nullable().describe('null to a reader who may not read the message'),
  }),
  z.object({ says: z.literal('subscription'), state: z.enum(SUBSCRIPTION_STATES) }),
  z.object({ says: z.literal('made-at'), madeAt: z.string().nullable(), acceptedAt: z.string() }),
]);

const rule = z.object({
  rule: z.enum(RULE_NAMES),
  held: z.boolean(),
  fact: ruleFact.describe('What was compared, as data'),
  detail: z.string().describe('The same in words; no more than the caller may see'),
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
