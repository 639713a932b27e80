import { DELIVERY_STATES, type DeliveryState, type NewDelivery } from '@anika/core/delivery/delivery';
import { deliveryId, type MessageId, type SubscriptionId } from '@anika/core/ids';
import { recordIn } from '@anika/testkit/delivery-records';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { type DeliveriesOf, findPage } from './deliveries-of-subscriptions.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let store: DeliveryStore;
let subscriptionIds: SubscriptionId[];

const SUBSCRIPTIONS = 130; // more than are merged at once
const EACH = 40;
const FROM_MS = NOW_MS - 1_000_000;

/** One in fifty ends in each other state; the rest is delivered. */
function stateOf(n: number): DeliveryState {
  return n % 50 < DELIVERY_STATES.length ? (DELIVERY_STATES[n % 50] ?? 'delivered') : 'delivered';
}

beforeAll(async () => {
  test = await openTestMongo();
  store = createDeliveryStore(test.mongo, { graceMs: 1000 });
  const shared = { topicId: id('top'), ownerId: id('par'), partnerId: id('par'), type: 'car.chosen' };
  subscriptionIds = Array.from({ length: SUBSCRIPTIONS }, () => id('sub'));
  const all = subscriptionIds.flatMap((subscriptionId, s) =>
    Array.from({ length: EACH }, (_, n): NewDelivery => {
      const acceptedAtMs = NOW_MS - (n * SUBSCRIPTIONS + s);
      const messageId: MessageId = id('msg', acceptedAtMs);
      const one = deliveryId(messageId, Buffer.from(subscriptionId.slice(-16)));
      const origin = { ...shared, id: one, messageId, subscriptionId, acceptedAtMs };
      return { ...origin, createdAtMs: acceptedAtMs, state: 'pending' };
    }),
  );
  const isPending = all.map((_, n) => stateOf(n) === 'pending');
  await store.insert(all.filter((_, n) => isPending[n]));
  const records = all.flatMap((unstored, n) => {
    const state = stateOf(n);
    return state === 'pending' ? [] : [recordIn(unstored.id, state, { unstored })];
  });
  await store.record(records);
});

afterAll(() => test.close());

async function pages(list: Omit<DeliveriesOf, 'limit' | 'attempts'>, limit: number) {
  const seen: { id: string; acceptedAtMs: number }[] = [];
  let after: DeliveriesOf['after'];
  for (;;) {
    const page = await store.listOf({ ...list, attempts: 'all', after, limit });
    seen.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return seen;
    after = { acceptedAtMs: last.acceptedAtMs, id: last.id };
  }
}

describe('listOf()', () => {
  it('pages through the deliveries of many subscriptions, newest first, each once', async () => {
    const seen = await pages({ subscriptionIds, fromMs: NOW_MS - 3000 }, 250);
    expect(seen.map(({ acceptedAtMs }) => acceptedAtMs)).toEqual(
      Array.from({ length: 3001 }, (_, n) => NOW_MS - n),
    );
    expect(new Set(seen.map((one) => one.id)).size).toBe(3001);
  });

  it.each(DELIVERY_STATES)('pages through those that are %s', async (state) => {
    const expected = Array.from({ length: SUBSCRIPTIONS * EACH }, (_, n) => n).filter(
      (n) => stateOf(n) === state,
    ).length;
    const seen = await pages({ subscriptionIds, state, fromMs: FROM_MS }, 1000);
    expect(seen).toHaveLength(expected);
    expect(seen.map(({ acceptedAtMs }) => acceptedAtMs)).toEqual(
      seen.map(({ acceptedAtMs }) => acceptedAtMs).sort((a, b) => b - a),
    );
  });

  it('takes in no other subscription, and nothing outside of the time', async () => {
    expect(await store.listOf({ subscriptionIds: [], attempts: 'all', limit: 10 })).toEqual([]);
    const [one] = subscriptionIds;
    if (one === undefined) throw new Error('no subscription');
    const found = await store.listOf({
      subscriptionIds: [one],
      attempts: 'last',
      fromMs: NOW_MS - SUBSCRIPTIONS,
      toMs: NOW_MS,
      limit: 10,
    });
    expect(found.map(({ acceptedAtMs }) => acceptedAtMs)).toEqual([NOW_MS - SUBSCRIPTIONS]);
  });

  // What a page costs depends on its length and on how many subscriptions there are, not on how much is stored.
  const somewhere = { acceptedAtMs: NOW_MS - 3000, id: `dlv_${'0'.repeat(42)}` };
  it.each<[string, Partial<DeliveriesOf>]>([
    ['the first page', {}],
    ['a page far behind', { after: somewhere }],
    ['a page of a time', { toMs: NOW_MS - 3000 }],
    ...DELIVERY_STATES.filter((state) => state !== 'delivered').map(
      (state): [string, Partial<DeliveriesOf>] => [`a page of what is ${state}`, { state, after: somewhere }],
    ),
  ])('reads for %s as much as it shows, in the order of its index', async (_what, more) => {
    const limit = 51;
    const hundred = subscriptionIds.slice(0, 100);
    const list = { subscriptionIds: hundred, attempts: 'all', limit, fromMs: FROM_MS, ...more } as const;
    const { executionStats, queryPlanner } = (await findPage(test.mongo, list).explain(
      'executionStats',
    )) as Document;
    expect(executionStats.nReturned).toBeGreaterThan(0);
    expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(limit + 100);
    expect(executionStats.totalKeysExamined).toBeLessThanOrEqual(2 * (limit + 2 * 100));
    const stages = stagesOf(queryPlanner.winningPlan);
    expect(stages).not.toContain('SORT');
    expect(stages).toContain('SORT_MERGE');
  });
});

function stagesOf(plan: Document): string[] {
  const inner = [plan.inputStage, ...(plan.inputStages ?? []), plan.queryPlan].filter(Boolean);
  return [plan.stage, ...inner.flatMap(stagesOf)];
}
