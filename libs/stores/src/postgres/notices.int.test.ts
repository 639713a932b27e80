import { Failure } from '@anika/core/failures';
import type { MessageId, PartnerId, SubscriptionId } from '@anika/core/ids';
import { type KeptNotice, type Notice, noticeInput, type RefuseNotice } from '@anika/core/notice/notice';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createApiKeyStore } from './api-keys.ts';
import { createDeadMarkStore } from './dead-marks.ts';
import { createGrantStore } from './grants.ts';
import { createNoticeMailStore } from './notice-mails.ts';
import { createNoticeSettingsStore } from './notice-settings.ts';
import { createNoticeStore, type KeepNotices } from './notices.ts';
import { createNoticesTopicStore } from './notices-topic.ts';
import { createRoutingStore } from './routing.ts';
import { change, DAY_MS, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
/** What has been kept, by its source: kept twice it is one. */
let kept: Map<string, KeptNotice>;
let calls: number;

const open: TestStores[] = [];
beforeEach(async () => {
  stores = await openTestStores();
  open.push(stores);
  kept = new Map();
  calls = 0;
});
afterAll(() => Promise.all(open.map((each) => each.close())));

async function keep(notices: readonly Notice[]): Promise<KeptNotice[]> {
  calls += 1;
  return notices.map((notice) => {
    const key = noticeInput(notice);
    const made = kept.get(key) ?? { ...notice, messageId: id('msg') as MessageId };
    kept.set(key, made);
    return made;
  });
}

const noticeStore = (how: KeepNotices = keep, putDown: RefuseNotice = () => undefined) =>
  createNoticeStore(stores.postgres, { keep: how, putDown, mails: true });

async function tellAll(store = noticeStore()): Promise<void> {
  while (await store.tellAudit(NOW_MS));
}

async function pair() {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner('ЭкспоБанк')).partner.id;
  const topicId = (await stores.topic(owner)).id;
  return { owner, reader, topicId };
}

/** On other terms each time: the same once more would be no change. */
const grant = (topicId: string, reader: PartnerId, owner: PartnerId) =>
  createGrantStore(stores.postgres).put(
    topicId as never,
    reader,
    { purpose: id('grt'), expiresAtMs: NOW_MS + DAY_MS },
    { ...change(), id: id('grt'), ownerId: owner },
  );

const typesOf = (partnerId: PartnerId) =>
  [...kept.values()].filter((one) => one.partnerId === partnerId).map(({ type }) => type);

test('what the audit log tells is told to whom it concerns, once, and in its order', async () => {
  const { owner, reader, topicId } = await pair();
  const stranger = (await stores.partner()).partner.id;
  await grant(topicId, reader, owner);
  await createGrantStore(stores.postgres).revoke(topicId, reader, { ...change(), ownerId: owner });
  await tellAll();
  await tellAll();
  for (const one of [owner, reader])
    expect(typesOf(one)).toEqual(['anika.grant.given', 'anika.grant.revoked']);
  expect(typesOf(stranger)).toEqual([]);
  expect(calls).toBe(1);
});

test('what could not be kept is told again, all of it', async () => {
  const { owner, reader, topicId } = await pair();
  await tellAll();
  await grant(topicId, reader, owner);
  const dies = noticeStore(async (notices) => {
    await keep(notices.slice(0, 1));
    throw new Error('died here');
  });
  await expect(dies.tellAudit(NOW_MS)).rejects.toThrow('died here');
  expect(kept.size).toBe(1);
  await tellAll();
  expect(kept.size).toBe(2);
});

test('what was refused is put down once, when it is noted that the others were told', async () => {
  const { owner, reader, topicId } = await pair();
  await tellAll();
  await grant(topicId, reader, owner);
  const putDown: string[] = [];
  const reason = new Failure('validation-failed', 'too large');
  let fails = true;
  const store = noticeStore(
    async ([first, ...others], refuse) => {
      if (first === undefined) return [];
      refuse({ id: 'msg_1' as MessageId, ownerId: first.partnerId, type: first.type, key: 'k' }, reason);
      // As where PostgreSQL dies before the commit.
      if (fails) throw new Error('died here');
      return keep(others);
    },
    ({ ownerId }, { message }) => putDown.push(`${ownerId}: ${message}`),
  );
  for (let n = 0; n < 3; n += 1) await expect(store.tellAudit(NOW_MS)).rejects.toThrow('died here');
  expect(putDown).toEqual([]);
  fails = false;
  await tellAll(store);
  expect(putDown).toEqual([expect.stringMatching(/^par_\w+: too large$/)]);
  expect(kept.size).toBe(1);
});

test('of dispatchers at once one tells', async () => {
  const { owner, reader, topicId } = await pair();
  await tellAll();
  await grant(topicId, reader, owner);
  calls = 0;
  await Promise.all(Array.from({ length: 6 }, () => noticeStore().tellAudit(NOW_MS)));
  expect(calls).toBe(1);
  expect(kept.size).toBe(2);
});

test('a long log is told in parts', async () => {
  const { owner, reader, topicId } = await pair();
  for (let n = 0; n < 130; n += 1) await grant(topicId, reader, owner);
  expect(await noticeStore().tellAudit(NOW_MS)).toBe(true);
  await tellAll();
  expect(kept.size).toBe(260);
});

async function subscribed(): Promise<{ id: SubscriptionId; reader: PartnerId }> {
  const { owner, reader, topicId } = await pair();
  await grant(topicId, reader, owner);
  const subscriptionId = await stores.subscription(reader, topicId);
  await stores.postgres.db.subscription.update({
    where: { id: subscriptionId },
    data: { state: 'active', verifiedAt: new Date(NOW_MS) },
  });
  return { id: subscriptionId, reader };
}

test('an endpoint that fails for a minute is told, with when it will be disabled, and once an hour', async () => {
  const { id: subscriptionId, reader } = await subscribed();
  const routing = createRoutingStore(stores.postgres);
  const store = noticeStore();
  await routing.markFailing(subscriptionId, NOW_MS);
  expect(await store.findFailing(NOW_MS + 59_000)).toEqual([]);
  expect(await store.findFailing(NOW_MS + 60_000)).toEqual([subscriptionId]);
  await Promise.all([1, 2, 3].map(() => store.tellFailing(subscriptionId, NOW_MS + 60_000)));
  expect(calls).toBe(1);
  expect([...kept.values()]).toMatchObject([
    {
      type: 'anika.subscription.failing',
      partnerId: reader,
      data: { failingSince: '2026-01-01T00:00:00.000Z', disabledAt: '2026-01-06T00:00:00.000Z' },
    },
  ]);
  expect(await store.findFailing(NOW_MS + DAY_MS)).toEqual([]);
  await routing.markHealthy(subscriptionId);
  await routing.markFailing(subscriptionId, NOW_MS + 300_000);
  expect(await store.findFailing(NOW_MS + DAY_MS)).toEqual([]);
  await routing.markHealthy(subscriptionId);
  await routing.markFailing(subscriptionId, NOW_MS + 3_600_000);
  expect(await store.findFailing(NOW_MS + DAY_MS)).toEqual([subscriptionId]);
});

test('dead letters are told once an hour, and none that is noted meanwhile is forgotten', async () => {
  const { id: subscriptionId } = await subscribed();
  const store = noticeStore();
  const letters = { count: 2, example: id('dlv') };
  const marks = createDeadMarkStore(stores.postgres);
  await marks.note([
    { id: subscriptionId, sinceMs: NOW_MS + 5 },
    { id: subscriptionId, sinceMs: NOW_MS + 3 },
  ]);
  expect(await store.findDead(NOW_MS + 10)).toEqual([subscriptionId]);
  let noted: Promise<void> | undefined;
  await store.tellDead(subscriptionId, NOW_MS + 10, async (sinceMs) => {
    expect(sinceMs).toBe(NOW_MS + 3);
    // Another one dies after these are counted, and before it is noted that they were told.
    noted = marks.note([{ id: subscriptionId, sinceMs: NOW_MS + 11 }]);
    return letters;
  });
  await noted;
  expect([...kept.values()]).toMatchObject([{ type: 'anika.delivery.dead', data: { count: 2 } }]);
  expect(await store.findDead(NOW_MS + 3_600_000)).toEqual([]);
  expect(await store.findDead(NOW_MS + 10 + 3_600_000)).toEqual([subscriptionId]);
  await store.tellDead(subscriptionId, NOW_MS + 10 + 3_600_000, async () => letters);
  expect(kept.size).toBe(2);
});

test('dead letters that were redriven before anybody was told are told to nobody', async () => {
  const { id: subscriptionId } = await subscribed();
  const store = noticeStore();
  await createDeadMarkStore(stores.postgres).note([{ id: subscriptionId, sinceMs: NOW_MS }]);
  const none = async () => undefined;
  await store.tellDead(subscriptionId, NOW_MS + 59_000, none);
  expect(await store.findDead(NOW_MS)).toEqual([subscriptionId]);
  await store.tellDead(subscriptionId, NOW_MS + 60_000, none);
  expect(kept.size).toBe(0);
  expect(await store.findDead(NOW_MS + DAY_MS)).toEqual([]);
});

test('of the dead letters of notices themselves nobody is told', async () => {
  const { reader } = await subscribed();
  const topicId = await createNoticesTopicStore(stores.postgres).ensure(reader, NOW_MS);
  const subscriptionId = await stores.subscription(reader, topicId);
  await createDeadMarkStore(stores.postgres).note([{ id: subscriptionId, sinceMs: NOW_MS }]);
  expect(await noticeStore().findDead(NOW_MS + DAY_MS)).toEqual([]);
});

test('e-mails are queued with the notices, for whom it concerns, and settled with what came meanwhile', async () => {
  const { owner, reader, topicId } = await pair();
  await tellAll();
  const mails = createNoticeMailStore(stores.postgres);
  const key = { id: id('key'), partnerId: reader, name: 'x', hash: id('key'), hint: 'abcd' };
  const admin = await stores.postgres.db.user.findFirstOrThrow({ where: { partnerId: reader } });
  const settings = createNoticeSettingsStore(stores.postgres);
  const said = { ...change(), partnerId: reader };
  await settings.update(admin.id as never, { types: ['anika.grant.given', 'anika.grant.changed'] }, said);
  await grant(topicId, reader, owner);
  await createApiKeyStore(stores.postgres).create(
    { ...key, createdBy: admin.id as never, scopes: ['read'], expiresAtMs: undefined } as never,
    change(),
  );
  await tellAll();
  const [due, ...others] = await mails.claimDue(NOW_MS, 10);
  expect(others).toEqual([]);
  const given = [...kept.values()].find(
    (one) => one.partnerId === reader && one.type === 'anika.grant.given',
  );
  expect(due).toMatchObject({ userId: admin.id, notices: [given?.messageId], more: 0, tries: 0 });
  expect(await mails.claimDue(NOW_MS, 10)).toEqual([]);
  await grant(topicId, reader, owner);
  await tellAll();
  if (due === undefined) throw new Error('nothing was due');
  await mails.settle(due, { nowMs: NOW_MS, nextMs: NOW_MS + 300_000 });
  expect(await mails.claimDue(NOW_MS + 299_999, 10)).toEqual([]);
  const [next] = await mails.claimDue(NOW_MS + 300_000, 10);
  expect(next?.notices).toHaveLength(1);
  if (next === undefined) throw new Error('nothing was due');
  await mails.postpone(next, { atMs: NOW_MS + 400_000, tries: 1 });
  expect(await mails.claimDue(NOW_MS + 400_000, 10)).toMatchObject([{ tries: 1, notices: next.notices }]);
  // Who died with it leaves it to others.
  expect(await mails.claimDue(NOW_MS + 400_000 + 120_000, 10)).toHaveLength(1);
});

test('of a flood a mail lists fifty and counts the others', async () => {
  const { owner, reader, topicId } = await pair();
  const admin = await stores.postgres.db.user.findFirstOrThrow({ where: { partnerId: reader } });
  const settings = createNoticeSettingsStore(stores.postgres);
  await settings.update(
    admin.id as never,
    { types: ['anika.grant.changed'] },
    { ...change(), partnerId: reader },
  );
  for (let n = 0; n < 61; n += 1) await grant(topicId, reader, owner);
  await tellAll();
  const [due] = await createNoticeMailStore(stores.postgres).claimDue(NOW_MS, 10);
  expect([due?.notices.length, due?.more]).toEqual([50, 10]);
});

test('settings of another company are nobody else to read or change; null takes one back', async () => {
  const { owner, reader } = await pair();
  const admin = await stores.postgres.db.user.findFirstOrThrow({ where: { partnerId: reader } });
  const settings = createNoticeSettingsStore(stores.postgres);
  const userId = admin.id as never;
  expect(await settings.find(userId, owner)).toBeUndefined();
  expect(await settings.update(userId, { email: 'none' }, { ...change(), partnerId: owner })).toBeUndefined();
  const by = { ...change(), partnerId: reader };
  expect(await settings.update(userId, { email: 'daily', language: 'ru' }, by)).toMatchObject({
    email: 'daily',
    language: 'ru',
  });
  expect(await settings.update(userId, { email: null }, by)).toMatchObject({ email: 'each', language: 'ru' });
});
