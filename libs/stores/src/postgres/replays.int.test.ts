import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { countsOf } from '@anika/core/replay/replay';
import { transition } from '@anika/core/replay/transition';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { createReplayStore, type LeasedReplay, type ReplayStore } from './replays.ts';
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
let replays: ReplayStore;

beforeAll(async () => {
  stores = await openTestStores();
  replays = createReplayStore(stores.postgres);
});

afterAll(() => stores.close());

type Side = { readonly owner: PartnerId; readonly reader: PartnerId; readonly topicId: TopicId };

async function sides(): Promise<Side> {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner()).partner.id;
  return { owner, reader, topicId: (await stores.topic(owner)).id };
}

function newReplay({ reader, topicId }: Side, subscriptionId: SubscriptionId) {
  const wish = { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS, types: ['car.chosen'], filter: undefined };
  const whose = { id: id('rpl'), subscriptionId, partnerId: reader, topicId };
  return { ...whose, ...wish, only: 'missing' as const, perSecond: 7 };
}

async function begun(side: Side, atMs = NOW_MS) {
  const subscriptionId = await stores.subscription(side.reader, side.topicId);
  return replays.create(newReplay(side, subscriptionId), change(atMs));
}

/** What is due for these tests alone: the database is shared with the others of this file. */
async function claimAll(nowMs: number, by = id('ses')): Promise<LeasedReplay[]> {
  const claimed: LeasedReplay[] = [];
  for (;;) {
    const one = await replays.claim(nowMs, { by: `${by}${claimed.length}`, untilMs: nowMs + 10_000 });
    if (one === undefined) return claimed;
    claimed.push(one);
  }
}

async function claim(replayId: string, nowMs: number): Promise<LeasedReplay | undefined> {
  return (await claimAll(nowMs)).find(({ replay }) => replay.id === replayId);
}

const COUNTS = countsOf((state) => (state === 'delivered' ? 3 : 0));

test('is stored as it was asked for, and shown to its company only', async () => {
  const side = await sides();
  const created = await begun(side);
  expect(created).toMatchObject({ state: 'running', types: ['car.chosen'], only: 'missing', perSecond: 7 });
  expect(await replays.find(created.id, side.reader)).toEqual(created);
  expect(await replays.find(created.id, side.owner)).toBeUndefined();
  const list = { subscriptionId: undefined, after: undefined, limit: 10 };
  expect(await replays.list(side.reader, list)).toEqual([created]);
  expect(await replays.list(side.reader, { ...list, subscriptionId: id('sub') })).toEqual([]);
  expect(await replays.list(side.owner, list)).toEqual([]);
});

test('of two at once for one subscription one is refused, until the other has ended', async () => {
  const side = await sides();
  const subscriptionId = await stores.subscription(side.reader, side.topicId);
  const create = () => replays.create(newReplay(side, subscriptionId), change());
  const both = await Promise.allSettled([create(), create()]);
  const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toMatchObject([{ code: 'conflict' }]);
  const [running] = await replays.list(side.reader, { subscriptionId, after: undefined, limit: 2 });
  if (running === undefined) throw new Error('none was made');
  await replays.move(running, (before) => transition(before, 'stop'), {
    ...change(),
    action: 'replay.stopped',
  });
  expect((await create()).state).toBe('running');
});

test('is one dispatcher’s at a time; another one’s when its lease has lapsed, and then not the first one’s', async () => {
  const created = await begun(await sides());
  const first = await claim(created.id, NOW_MS);
  expect(await claim(created.id, NOW_MS + 9000)).toBeUndefined();
  const second = await claim(created.id, NOW_MS + 10_001);
  if (first === undefined || second === undefined) throw new Error('not claimed');
  const position = { acceptedAtMs: NOW_MS - 5, id: id('msg') };
  await replays.advance(first, { position, moreMatched: 5, dueAtMs: NOW_MS });
  expect((await replays.find(created.id, created.partnerId))?.matched).toBe(0);
  await replays.advance(second, { position, moreMatched: 4, isRead: true, dueAtMs: NOW_MS + 20_000 });
  const after = await replays.find(created.id, created.partnerId);
  expect(after).toMatchObject({ matched: 4, position, isRead: true });
  expect(await claim(created.id, NOW_MS + 19_000)).toBeUndefined();
  expect((await claim(created.id, NOW_MS + 20_000))?.replay).toEqual(after);
});

test('goes on with five of a company, in the order of their making, and with those of others beside them', async () => {
  const atMs = NOW_MS + DAY_MS;
  const [many, one] = [await sides(), await sides()];
  const made: string[] = [];
  for (let n = 0; n < 7; n += 1) made.push((await begun(many, atMs)).id);
  made.sort();
  const other = (await begun(one, atMs)).id;
  const claimed = await claimAll(atMs);
  const ids = claimed.map(({ replay }) => replay.id);
  expect(ids).toContain(other);
  expect(ids.filter((each) => made.includes(each)).sort()).toEqual(made.slice(0, 5));
  const first = claimed.find(({ replay }) => replay.id === made[0]);
  if (first === undefined) throw new Error('not claimed');
  await replays.advance(first, { isRead: true, dueAtMs: atMs });
  const next = (await claimAll(atMs)).map(({ replay }) => replay.id);
  expect(next.sort()).toEqual([made[0], made[5]]);
});

test('what its partner does meanwhile is not undone by a dispatcher', async () => {
  const created = await begun(await sides());
  const leased = await claim(created.id, NOW_MS);
  if (leased === undefined) throw new Error('not claimed');
  await replays.move(created, (before) => transition(before, 'pause'), {
    ...change(),
    action: 'replay.paused',
  });
  expect(await replays.become(leased, { state: 'stopped', reason: 'subscription-deleted' }, NOW_MS)).toBe(
    false,
  );
  expect(await replays.settle(leased, COUNTS, NOW_MS)).toBe(false);
  expect(await replays.find(created.id, created.partnerId)).toMatchObject({
    state: 'paused',
    reason: 'asked',
  });
});

test('keeps what has become of it, and each step of its life is in the log of both companies', async () => {
  const side = await sides();
  const created = await begun(side);
  const leased = await claim(created.id, NOW_MS);
  if (leased === undefined) throw new Error('not claimed');
  expect(await replays.become(leased, { state: 'paused', reason: 'endpoint-failing' }, NOW_MS)).toBe(true);
  const by = { ...change(), action: 'replay.resumed' };
  await replays.move(created, (before) => transition(before, 'resume'), by);
  const again = await claim(created.id, NOW_MS + 1);
  if (again === undefined) throw new Error('not claimed');
  expect(await replays.settle(again, COUNTS, NOW_MS + 1)).toBe(true);
  const done = await replays.find(created.id, side.reader);
  expect(done).toMatchObject({ state: 'done', settled: COUNTS, endedAtMs: NOW_MS + 1 });
  expect(await claim(created.id, NOW_MS + DAY_MS * 2)).toBeUndefined();
  const log = createAuditLog(stores.postgres);
  const actions = ['replay.started', 'replay.paused', 'replay.resumed', 'replay.done'];
  for (const partnerId of [side.reader, side.owner]) {
    const rows = await log.list({ partnerId, topicId: side.topicId, limit: 20 });
    const own = rows.filter(({ subjectId }) => subjectId === created.id).reverse();
    expect(own.map(({ action }) => action)).toEqual(actions);
    expect(JSON.stringify(own)).not.toContain('filter');
  }
});

test('is forgotten some time after its end, and not before', async () => {
  const side = await sides();
  const [ended, open] = [await begun(side), await begun(side)];
  await replays.move(ended, (before) => transition(before, 'stop'), {
    ...change(),
    action: 'replay.stopped',
  });
  await replays.removeEndedBefore(NOW_MS);
  expect(await replays.find(ended.id, side.reader)).toBeDefined();
  await replays.removeEndedBefore(NOW_MS + 1);
  expect(await replays.find(ended.id, side.reader)).toBeUndefined();
  expect(await replays.find(open.id, side.reader)).toBeDefined();
});

test('a subscription made to start from a time gets its replay once, when it first becomes active', async () => {
  const side = await sides();
  const subscriptionId = await stores.subscription(side.reader, side.topicId, {
    startFromMs: NOW_MS - DAY_MS,
  });
  const list = () => replays.list(side.reader, { subscriptionId, after: undefined, limit: 5 });
  const to = (state: 'active' | 'paused', atMs: number) =>
    stores.subscriptions.move(
      subscriptionId,
      () => ({ kind: 'to', state, reason: undefined, verifiedUrl: SUBSCRIPTION_URL }),
      { ...change(atMs), partnerId: side.reader, action: 'test.moved', replayId: id('rpl') },
    );
  expect(await list()).toEqual([]);
  await to('active', NOW_MS);
  await to('paused', NOW_MS + 1);
  await to('active', NOW_MS + 2);
  expect(await list()).toMatchObject([
    { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS + 3000, only: 'missing', state: 'running', createdAtMs: NOW_MS },
  ]);
});

test('a subscription that pulls is active at once, and so is its replay', async () => {
  const side = await sides();
  const more = { startFromMs: NOW_MS - DAY_MS, delivery: 'pull' as const, url: '' };
  const subscriptionId = await stores.subscription(side.reader, side.topicId, more);
  const made = await replays.list(side.reader, { subscriptionId, after: undefined, limit: 5 });
  expect(made).toMatchObject([{ fromMs: NOW_MS - DAY_MS, state: 'running' }]);
});

test('of a company fifty may not have ended or be about to begin; one more is refused', async () => {
  const side = await sides();
  const subscriptionId = await stores.subscription(side.reader, side.topicId);
  await stores.postgres.db.$executeRaw`
    INSERT INTO replays (id, subscription_id, partner_id, topic_id, from_at, to_at, types, "only", per_second, state,
      reason, created_at, due_at)
    SELECT ${subscriptionId} || n, ${subscriptionId}, ${side.reader}, ${side.topicId}, now(), now(), '{}', 'missing', 1,
      'stopped', 'asked', now(), now() + interval '10 years' FROM generate_series(1, 48) AS n`;
  await stores.subscription(side.reader, side.topicId, { startFromMs: NOW_MS });
  await replays.create(newReplay(side, subscriptionId), change());
  const refused = { code: 'limit-reached' };
  const more = stores.subscription(side.reader, side.topicId, { startFromMs: NOW_MS });
  await expect(more).rejects.toMatchObject(refused);
  const other = await stores.subscription(side.reader, side.topicId);
  await expect(replays.create(newReplay(side, other), change())).rejects.toMatchObject(refused);
});
