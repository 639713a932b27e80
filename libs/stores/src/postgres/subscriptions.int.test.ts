import type { SubscriptionId } from '@anika/core/ids';
import { rotate, type SigningSecrets } from '@anika/core/subscription/signing-secrets';
import { type SubscriptionInput, transition } from '@anika/core/subscription/transition';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { createGrantStore } from './grants.ts';
import { createRoutingStore, type RoutingStore } from './routing.ts';
import type { SubscriptionStore } from './subscriptions.ts';
import {
  change,
  DAY_MS,
  id,
  NOW_MS,
  openTestStores,
  SUBSCRIPTION_URL,
  type TestStores,
} from './test-stores.ts';

let stores: TestStores;
let routing: RoutingStore;

beforeAll(async () => {
  stores = await openTestStores();
  routing = createRoutingStore(stores.postgres);
});

afterAll(() => stores.close());

async function subscribed() {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  const subscription = await stores.subscription(reader, topic);
  const by = (atMs: number = NOW_MS) => ({ ...change(atMs), partnerId: reader });
  return { owner, reader, topic, subscription, by };
}

const newReplayId = () => id('rpl');

/** As a use case does: the decision is made inside the lock. */
const move = (id: SubscriptionId, input: SubscriptionInput, by: Parameters<SubscriptionStore['update']>[2]) =>
  stores.subscriptions.move(id, (before) => transition(before, input), {
    ...by,
    action: `test.${input.kind}`,
    replayId: newReplayId(),
  });
const answeredAt = (url: string) => ({ kind: 'answered', url, during: 'verify' }) as const;
const answered = answeredAt(SUBSCRIPTION_URL);
const PAUSE = { kind: 'pause' } as const;

test('move() decides on the state that is there: of two pauses at once, one is made', async () => {
  const { reader, subscription, by } = await subscribed();
  const results = await Promise.all([1, 2].map(() => move(subscription, PAUSE, by())));
  expect(results.map((result) => result?.transition.kind).sort()).toEqual(['refused', 'to']);
  const entries = await createAuditLog(stores.postgres).list({ partnerId: reader, limit: 10 });
  expect(entries.filter(({ action }) => action === 'test.pause')).toHaveLength(1);
});

test('move() to active ends the failing', async () => {
  const { subscription, by } = await subscribed();
  await routing.markFailing(subscription, NOW_MS);
  expect((await move(subscription, answered, by()))?.after).toMatchObject({
    failingSinceMs: undefined,
    verifiedAtMs: NOW_MS,
    endpointVerified: true,
  });
});

test('update() of the address asks for a new verification, unless it is paused', async () => {
  const { reader, subscription, by } = await subscribed();
  await move(subscription, answered, by());
  expect(await stores.subscriptions.update(subscription, () => ({ timeoutMs: 1000 }), by())).toMatchObject({
    state: 'active',
  });
  const moved = await stores.subscriptions.update(
    subscription,
    () => ({ url: 'https://bank.example/new' }),
    by(),
  );
  expect(moved).toMatchObject({ state: 'pending', stateReason: 'endpoint changed', timeoutMs: 1000 });
  expect((await move(subscription, answered, by()))?.transition.kind).toBe('stays');
  await move(subscription, answeredAt('https://bank.example/new'), by());
  await move(subscription, PAUSE, by());
  await stores.subscriptions.update(
    subscription,
    () => ({ url: 'https://bank.example/other', headers: undefined }),
    by(),
  );
  expect(await stores.subscriptions.find(subscription, reader)).toMatchObject({
    state: 'paused',
    headers: undefined,
    endpointVerified: false,
  });
  const resumed = await move(subscription, { kind: 'resume' }, by());
  expect([resumed?.transition.kind, resumed?.after.state]).toEqual(['challenge-first', 'paused']);
});

test('idsOf() gives the subscriptions of one reader on one topic', async () => {
  const { owner, reader, topic, subscription, by } = await subscribed();
  await stores.subscription(owner, topic);
  const second = await stores.subscription(reader, topic);
  expect((await stores.subscriptions.idsOf(topic, reader)).sort()).toEqual([subscription, second].sort());
  await stores.subscriptions.remove(second, by());
  expect(await stores.subscriptions.idsOf(topic, reader)).toEqual([subscription]);
});

test('a subscription is not there for another partner', async () => {
  const { owner, subscription } = await subscribed();
  const by = { ...change(), partnerId: owner };
  expect(await stores.subscriptions.find(subscription, owner)).toBeUndefined();
  expect(await stores.subscriptions.update(subscription, () => ({ timeoutMs: 1 }), by)).toBeUndefined();
  expect(await move(subscription, answered, by)).toBeUndefined();
  expect(await stores.subscriptions.remove(subscription, by)).toBeUndefined();
  expect(await stores.subscriptions.secrets(subscription, owner)).toBeUndefined();
  expect(await stores.subscriptions.changeSecrets(subscription, endAll('x'), by)).toBeUndefined();
});

const endAll = (sealed: string) => () => ({ present: sealed, earlier: [] });
const rotation = (sealed: string, graceMs: number) => (present: SigningSecrets) =>
  rotate(present, { sealed, graceMs, nowMs: NOW_MS });
const signingAt = async (subscription: SubscriptionId, nowMs: number) =>
  (await routing.loadTargets([subscription], nowMs)).get(subscription)?.sealedSecrets;

test('changeSecrets() keeps each earlier secret, and dispatchers sign with it until its own end', async () => {
  const { reader, subscription, by } = await subscribed();
  const change = (sealed: string, graceMs: number) =>
    stores.subscriptions.changeSecrets(subscription, rotation(sealed, graceMs), by());
  await change('sealed-2', DAY_MS);
  const secrets = await change('sealed-3', 1000);
  expect(secrets).toEqual({
    present: 'sealed-3',
    earlier: [
      { sealed: 'sealed-2', untilMs: NOW_MS + 1000 },
      { sealed: 'sealed-1', untilMs: NOW_MS + DAY_MS },
    ],
  });
  expect(await stores.subscriptions.secrets(subscription, reader)).toEqual(secrets);
  expect(await signingAt(subscription, NOW_MS + 999)).toEqual(['sealed-3', 'sealed-2', 'sealed-1']);
  expect(await signingAt(subscription, NOW_MS + 1000)).toEqual(['sealed-3', 'sealed-1']);
  expect(await signingAt(subscription, NOW_MS + DAY_MS)).toEqual(['sealed-3']);
  await stores.subscriptions.changeSecrets(subscription, endAll('sealed-4'), by());
  expect(await signingAt(subscription, NOW_MS)).toEqual(['sealed-4']);
});

test('changeSecrets() of callers at once loses none of their secrets', async () => {
  const { reader, subscription, by } = await subscribed();
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(
    names.map((name) => stores.subscriptions.changeSecrets(subscription, rotation(name, DAY_MS), by())),
  );
  const secrets = await stores.subscriptions.secrets(subscription, reader);
  const all = [secrets?.present, ...(secrets?.earlier ?? []).map(({ sealed }) => sealed)];
  expect(all.sort()).toEqual([...names, 'sealed-1'].sort());
});

test('what a former version stored as the previous secret signs until its end, also after the next rotation', async () => {
  const { subscription, by } = await subscribed();
  await stores.postgres.db.subscription.update({
    where: { id: subscription },
    data: { previousSecret: 'sealed-0', previousSecretUntil: new Date(NOW_MS + DAY_MS) },
  });
  expect(await signingAt(subscription, NOW_MS)).toEqual(['sealed-1', 'sealed-0']);
  await stores.subscriptions.changeSecrets(subscription, rotation('sealed-2', 1000), by());
  expect(await signingAt(subscription, NOW_MS)).toEqual(['sealed-2', 'sealed-1', 'sealed-0']);
  expect(await signingAt(subscription, NOW_MS + 1000)).toEqual(['sealed-2', 'sealed-0']);
});

test.each<[string, object]>([
  ['a state that is none', { state: 'lost' }],
  ['earlier secrets that are no list', { previousSecrets: {} }],
  ['headers that are no object', { headers: ['X-Api-Key'] }],
])('the database refuses %s', async (_, data) => {
  const { subscription } = await subscribed();
  await expect(stores.postgres.db.subscription.update({ where: { id: subscription }, data })).rejects.toThrow(
    /check/,
  );
});

test('the audit log shows subscriptions without secrets: no header values, no query of the address', async () => {
  const { reader, topic, subscription, by } = await subscribed();
  await stores.subscriptions.update(subscription, () => ({ description: 'x' }), by());
  await stores.subscriptions.changeSecrets(subscription, endAll('sealed-2'), by());
  await stores.subscriptions.remove(subscription, by());
  const log = createAuditLog(stores.postgres);
  const entries = await log.list({ partnerId: reader, topicId: topic, limit: 10 });
  const text = JSON.stringify(entries);
  expect(text).toContain('https://bank.example/hook?token=…');
  expect(text).toContain('X-Api-Key');
  expect(text).not.toMatch(/hidden|header-secret|sealed-/);
  expect(entries.map((entry) => entry.action)).toEqual([
    'subscription.deleted',
    'subscription.secret-rotated',
    'subscription.updated',
    'subscription.created',
  ]);
});

test("the topic's owner reads to whose host its data goes, not the path, the header names or the reader's words", async () => {
  const { owner, topic, subscription, by } = await subscribed();
  await stores.subscriptions.remove(subscription, by());
  const entries = await createAuditLog(stores.postgres).list({ partnerId: owner, topicId: topic, limit: 10 });
  const about = entries.filter((entry) => entry.action.startsWith('subscription.'));
  expect(about.map((entry) => entry.action)).toEqual(['subscription.deleted', 'subscription.created']);
  expect(about[1]?.after).toEqual({ host: 'bank.example', eventTypes: expect.any(Array), state: 'pending' });
  expect(JSON.stringify(about)).not.toMatch(/hook|X-Api-Key|description|filter/);
});

test('create() is undefined on a deleted topic, and deleting the topic deletes its subscriptions', async () => {
  const { owner, reader, topic, subscription } = await subscribed();
  await stores.topics.remove(topic, { ...change(), ownerId: owner });
  expect(await stores.subscriptions.find(subscription, reader)).toBeUndefined();
  const late = await stores.subscription(reader, topic);
  expect(await stores.subscriptions.find(late, reader)).toBeUndefined();
});

test('disable() takes active subscriptions only, and spares one that recovered', async () => {
  const { reader, subscription, by } = await subscribed();
  const failing = { reason: 'failing for 5 days', onlyIfFailingBeforeMs: NOW_MS };
  expect(await routing.disable(subscription, { reason: 'gone' }, NOW_MS)).toBe(false);
  await move(subscription, answered, by());
  expect(await routing.disable(subscription, failing, NOW_MS)).toBe(false);
  await routing.markFailing(subscription, NOW_MS - 2);
  await routing.markFailing(subscription, NOW_MS + 5);
  expect(await stores.subscriptions.find(subscription, reader)).toMatchObject({ failingSinceMs: NOW_MS - 2 });
  expect(await routing.disable(subscription, failing, NOW_MS)).toBe(true);
  expect(await stores.subscriptions.find(subscription, reader)).toMatchObject({
    state: 'disabled',
    stateReason: failing.reason,
  });
  await routing.markHealthy(subscription);
  expect(await stores.subscriptions.find(subscription, reader)).toMatchObject({ failingSinceMs: undefined });
});

test('every change of grants and subscriptions raises the routing version', async () => {
  const { owner, reader, topic, subscription, by } = await subscribed();
  const grants = createGrantStore(stores.postgres);
  const ownerChange = { ...change(), ownerId: owner, id: id('grt') };
  const steps: (() => Promise<unknown>)[] = [
    () => grants.put(topic, reader, {}, ownerChange),
    () => stores.subscriptions.update(subscription, () => ({ timeoutMs: 1000 }), by()),
    () => move(subscription, answered, by()),
    () => routing.disable(subscription, { reason: 'gone' }, NOW_MS),
    () => grants.revoke(topic, reader, ownerChange),
    () => stores.partners.update(reader, { status: 'suspended' }, change()),
    () => stores.partners.update(owner, { name: 'АвтоЭкспресс 2' }, change()),
    () => stores.subscriptions.remove(subscription, by()),
  ];
  for (const step of steps) {
    const before = await stores.routingVersion(topic);
    await step();
    expect(await stores.routingVersion(topic)).toBe(before + 1);
    expect(await routing.routingVersions([topic])).toEqual(new Map([[topic, before + 1]]));
  }
});
