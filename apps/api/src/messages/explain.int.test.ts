import { explanation } from '@anika/contracts/explain';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;

beforeAll(async () => {
  [api, receiver] = await Promise.all([startTestApi(), startReceiver()]);
  parties = await openParties(api);
});
afterAll(() => Promise.all([api.close(), receiver.close()]));

type Rule = { rule: string; held: boolean; detail: string };
type Row = {
  partnerId: string;
  partnerName: string;
  subscriptionId: string | null;
  outcome: string;
  deliveryId: string | null;
  state: string | null;
  reason: string | null;
  changedSince: string[];
  rules: Rule[];
};

const ask = (messageId: string, by: TestPartner, query = '') =>
  api.call('GET', `/v1/messages/${messageId}/explain${query}`, { token: by.token });

async function rows(messageId: string, by: TestPartner, query = ''): Promise<Row[]> {
  const { status, body } = await ask(messageId, by, query);
  expect(status).toBe(200);
  expect(body.messageId).toBe(messageId);
  return body.items.map((row: unknown) => explanation.parse(row));
}

async function only(messageId: string, by: TestPartner, query = ''): Promise<Row> {
  const [row, ...more] = await rows(messageId, by, query);
  expect(more).toEqual([]);
  if (row === undefined) throw new Error('there is no row');
  return row;
}

const broken = (row: Row) => row.rules.filter(({ held }) => !held).map(({ rule }) => rule);
const detailOf = (row: Row, name: string) => row.rules.find(({ rule }) => rule === name)?.detail;
const subscribe = (topicId: string, more: object = {}, by?: TestPartner) =>
  parties.subscribe(topicId, receiver.url, more, by);
const readMessage = (id: string, by: TestPartner) =>
  api.call('GET', `/v1/messages/${id}`, { token: by.token });

const RULES = [
  'partner-active',
  'grant',
  'grant-types',
  'grant-filter',
  'audience',
  'history',
  'subscription-state',
  'subscription-age',
  'event-types',
  'filter',
];
const CAR = { price: 900_000, customer: { phone: '+7 900 111-22-33' }, note: 'тайна' };

describe('a message that is delivered', () => {
  it('is explained by all rules to both sides, at once, with the delivery it has', async () => {
    const { owner, reader } = parties;
    const topicId = await parties.grantedTopic();
    const { id: subscriptionId } = await subscribe(topicId);
    const messageId = await parties.publish(topicId, CAR);
    const seen = await only(messageId, reader);
    expect(seen).toMatchObject({
      partnerId: reader.id,
      partnerName: reader.name,
      subscriptionId,
      outcome: 'delivery',
      deliveryId: expect.stringMatching(/^dlv_/),
      state: 'pending',
      reason: null,
      changedSince: [],
    });
    expect(seen.rules.map(({ rule }) => rule)).toEqual(RULES);
    expect(broken(seen)).toEqual([]);
    const byOwner = await only(messageId, owner);
    expect(byOwner).toMatchObject({ partnerId: reader.id, subscriptionId, deliveryId: seen.deliveryId });
    const stored = () => api.call('GET', `/v1/deliveries/${seen.deliveryId}`, { token: reader.token });
    await expect.poll(async () => (await stored()).status).toBe(200);
    expect(await only(messageId, reader)).toMatchObject({ deliveryId: seen.deliveryId, state: 'pending' });
  });

  it('is held for a paused subscription, and says so', async () => {
    const topicId = await parties.grantedTopic();
    const { id } = await subscribe(topicId);
    await api.call('POST', `/v1/subscriptions/${id}/pause`, { token: parties.reader.token });
    const messageId = await parties.publish(topicId, 1);
    const find = () => only(messageId, parties.reader);
    await expect.poll(async () => (await find()).state).toBe('held');
    expect(await find()).toMatchObject({ outcome: 'delivery', reason: 'subscription-paused' });
    expect(broken(await find())).toEqual(['subscription-state']);
  });
});

describe('the owner of a message', () => {
  it('sees all readers: with a subscription, without one, and itself', async () => {
    const { owner, reader, stranger } = parties;
    const topicId = await parties.grantedTopic();
    await parties.grant(topicId, {}, stranger);
    const { id: read } = await subscribe(topicId);
    const { id: own } = await subscribe(topicId, {}, owner);
    const found = await rows(await parties.publish(topicId, 1), owner);
    expect(found.map(({ partnerId, subscriptionId }) => [partnerId, subscriptionId])).toEqual(
      [
        [owner.id, own],
        [reader.id, read],
        [stranger.id, null],
      ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
    const silent = found.find(({ partnerId }) => partnerId === stranger.id);
    expect(silent).toMatchObject({ outcome: 'none', deliveryId: null, state: null });
    expect(silent && broken(silent)).toEqual(['subscription-state']);
    const ownRow = found.find(({ partnerId }) => partnerId === owner.id);
    expect(ownRow && detailOf(ownRow, 'subscription-state')).toBe('active');
  });

  it('hears of a company that it never let in that there is no grant', async () => {
    const { owner, stranger } = parties;
    const topicId = await parties.grantedTopic();
    const row = await only(await parties.publish(topicId, 1), owner, `?partnerId=${stranger.id}`);
    expect(row).toMatchObject({ partnerId: stranger.id, subscriptionId: null, outcome: 'none' });
    expect(broken(row)).toContain('grant');
    expect(detailOf(row, 'grant')).toBe('there is no grant');
  });

  it('sees what its own terms compared, and of what a reader asks for only that it was its choice', async () => {
    const { owner, reader } = parties;
    const topicId = await parties.grantedTopic({
      types: ['car.chosen'],
      filter: { 'data.price': { gt: 1 } },
    });
    await subscribe(topicId, { eventTypes: ['car.secretly'], filter: { 'data.price': { gte: 4711 } } });
    const messageId = await parties.publish(topicId, CAR);
    const row = await only(messageId, owner);
    expect(broken(row)).toEqual(['event-types']);
    expect(detailOf(row, 'grant-filter')).toBe('data.price gt 1: yes (900000)');
    expect(row.rules.slice(6).map(({ detail }) => detail)).toEqual(Array(4).fill("the reader's choice"));
    expect(JSON.stringify(row)).not.toMatch(/4711|secretly/);
    const own = await only(messageId, reader);
    expect(detailOf(own, 'event-types')).toBe('wanted: car.secretly; the message is car.chosen');
  });
});

describe('a reader', () => {
  it('sees its own rows and the values that its own wishes were compared with', async () => {
    const { reader, stranger } = parties;
    const topicId = await parties.grantedTopic();
    await parties.grant(topicId, {}, stranger);
    await subscribe(topicId, {}, stranger);
    const { id } = await subscribe(topicId, { filter: { 'data.price': { gte: 1_000_000 } } });
    const messageId = await parties.publish(topicId, CAR);
    const row = await only(messageId, reader);
    expect(row).toMatchObject({ subscriptionId: id, outcome: 'none' });
    expect(broken(row)).toEqual(['filter']);
    expect(detailOf(row, 'filter')).toBe('data.price gte 1000000: no (900000)');
    expect(await rows(messageId, reader, `?partnerId=${stranger.id}`)).toEqual([]);
    expect(JSON.stringify(await rows(messageId, reader))).not.toContain(stranger.id);
  });

  it.each<[string, object, object]>([
    ['grant-types', { types: ['car.sold'] }, {}],
    ['grant-filter', { filter: { 'data.price': { gte: 1_000_000 }, 'data.note': 'нет' } }, {}],
    ['audience', {}, { audience: 'stranger' }],
  ])('hears that %s kept a message from it, and nothing of the message', async (rule, terms, more) => {
    const { reader, stranger } = parties;
    const topicId = await parties.grantedTopic(terms);
    await parties.grant(topicId, {}, stranger);
    await subscribe(topicId, { eventTypes: ['car.chosen'], filter: { 'data.price': 900_000 } });
    const audience = 'audience' in more ? { audience: [stranger.id] } : {};
    const messageId = await parties.publish(topicId, CAR, { key: 'тайный-ключ', ...audience });
    expect((await readMessage(messageId, reader)).status).toBe(404);
    const row = await only(messageId, reader);
    expect(broken(row)).toEqual([rule]);
    expect(row.rules.at(-1)?.rule).toBe(rule);
    const told = JSON.stringify(row);
    expect(told).not.toMatch(/900000|тайна|тайный-ключ|\+7 900|car\.chosen/);
    for (const { id } of [parties.owner, stranger]) expect(told).not.toContain(id);
  });

  it('hears only that there is no history of what came before its grant', async () => {
    const topicId = await parties.topic();
    const messageId = await parties.publish(topicId, CAR);
    const { acceptedAt } = (await readMessage(messageId, parties.owner)).body;
    while (Date.now() <= Date.parse(acceptedAt)) await new Promise(setImmediate);
    await parties.grant(topicId, { history: false });
    await subscribe(topicId);
    const row = await only(messageId, parties.reader);
    expect(broken(row)).toEqual(['history']);
    expect(JSON.stringify(row)).not.toContain(acceptedAt);
    expect(row.changedSince).toEqual(['grant', 'subscription']);
  });

  it('never learns a masked value, not by its filter either', async () => {
    const fields = { exclude: ['data.customer.phone', 'key'] };
    const filter = { 'data.customer.phone': { prefix: '+7' } };
    const topicId = await parties.grantedTopic({ fields, filter });
    const wishes = [{ prefix: '+7' }, { prefix: '+8' }, { exists: true }];
    for (const phone of wishes) await subscribe(topicId, { filter: { 'data.customer.phone': phone } });
    await subscribe(topicId, { filter: { key: 'C-1' } });
    const found = await rows(await parties.publish(topicId, CAR, { key: 'C-1' }), parties.reader);
    expect(found.map(broken)).toEqual(Array(4).fill(['filter']));
    expect(found.map((row) => detailOf(row, 'filter')).join()).not.toMatch(/yes|111-22/);
    expect(JSON.stringify(found)).not.toContain('111-22-33');
  });

  it.each([
    ['its owner', 'owner', (topicId: string) => parties.revoke(topicId)],
    [
      'its reader',
      'reader',
      async (topicId: string) => {
        const { body } = await api.call('GET', '/v1/grants?limit=200', { token: parties.reader.token });
        const { id } = body.items.find((one: { topicId: string }) => one.topicId === topicId);
        await api.call('DELETE', `/v1/grants/${id}`, { token: parties.reader.token });
      },
    ],
  ] as const)('still hears why, when its grant was ended by %s', async (_, who, end) => {
    const { owner, reader } = parties;
    const topicId = await parties.grantedTopic();
    await subscribe(topicId);
    const before = await parties.publish(topicId, CAR);
    const find = () => only(before, reader);
    const stored = async () =>
      (await api.call('GET', `/v1/messages/${before}/deliveries`, { token: owner.token })).body.items.length;
    await expect.poll(stored).toBe(1);
    await end(topicId);
    const after = await parties.publish(topicId, CAR);
    await expect.poll(async () => (await find()).state).toBe('cancelled');
    expect(await find()).toMatchObject({
      outcome: 'delivery',
      reason: 'grant-revoked',
      changedSince: ['grant'],
    });
    for (const id of [before, after]) {
      const row = await only(id, reader);
      expect(broken(row)).toEqual(['grant']);
      expect(detailOf(row, 'grant')).toContain(`ended by its ${who} at`);
      expect(JSON.stringify(row)).not.toMatch(/900000|car\.chosen/);
    }
    expect(await only(after, owner)).toMatchObject({ outcome: 'none' });
    const grants = await api.call('GET', `/v1/topics/${topicId}/grants`, { token: owner.token });
    expect(grants.body.items[0]).toMatchObject({ state: 'revoked', revokedBy: who });
    await parties.grant(topicId);
    const again = await api.call('GET', `/v1/topics/${topicId}/grants`, { token: owner.token });
    expect(again.body.items[0]).toMatchObject({ state: 'active', revokedBy: null });
  });

  it('hears that something has changed where all rules hold by now', async () => {
    const topicId = await parties.grantedTopic();
    const { id } = await subscribe(topicId, { filter: { 'data.price': 1 } });
    const messageId = await parties.publish(topicId, CAR);
    const find = () => only(messageId, parties.reader);
    expect(broken(await find())).toEqual(['filter']);
    const settled = await parties.publish(topicId, { price: 1 });
    await expect.poll(async () => (await only(settled, parties.reader)).outcome).toBe('delivery');
    await api.call('PATCH', `/v1/subscriptions/${id}`, {
      token: parties.reader.token,
      body: { filter: null },
    });
    const isSettled = async () => {
      const row = await find();
      return [broken(row), row.outcome, row.changedSince];
    };
    await expect.poll(isSettled).toEqual([[], 'none', ['subscription']]);
  });

  it('finds the row of a subscription that was deleted since, and none of one from before', async () => {
    const { reader } = parties;
    const topicId = await parties.grantedTopic();
    const { id } = await subscribe(topicId);
    const messageId = await parties.publish(topicId, CAR);
    await api.call('DELETE', `/v1/subscriptions/${id}`, { token: reader.token });
    expect(await only(messageId, reader)).toMatchObject({ subscriptionId: id });
    expect(broken(await only(messageId, reader))).toEqual(['subscription-state']);
    const later = await parties.publish(topicId, CAR);
    expect(await only(later, reader)).toMatchObject({ subscriptionId: null, outcome: 'none' });
  });
});

describe('whoever has nothing to do with a message', () => {
  it('is told that it is not there, in the same words as of one that is not', async () => {
    const { reader, stranger } = parties;
    for (const visibility of ['private', 'listed']) {
      const topicId = await parties.topic({ visibility });
      await parties.grant(topicId);
      const messageId = await parties.publish(topicId, CAR);
      const hidden = await ask(messageId, stranger);
      const none = await ask('msg_01kb3v6m0eqx4tq2h7s9d5c8fz00000000', stranger);
      expect([hidden.status, none.status]).toEqual([404, 404]);
      expect({ ...hidden.body, requestId: '' }).toEqual({ ...none.body, requestId: '' });
      expect((await ask(messageId, reader)).status).toBe(200);
    }
  });

  it('neither is a message there whose topic is deleted', async () => {
    const topicId = await parties.grantedTopic();
    const messageId = await parties.publish(topicId, CAR);
    await api.call('DELETE', `/v1/topics/${topicId}`, { token: parties.owner.token });
    for (const by of [parties.owner, parties.reader]) expect((await ask(messageId, by)).status).toBe(404);
  });
});

describe('pages', () => {
  it('visit each row once, whatever their size, and narrow to a company or a subscription', async () => {
    const { owner, reader, stranger } = parties;
    const topicId = await parties.grantedTopic();
    await parties.grant(topicId, {}, stranger);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await subscribe(topicId)).id);
    const messageId = await parties.publish(topicId, CAR);
    for (const limit of [1, 2, 6]) {
      const seen: (string | null)[] = [];
      let cursor: string | null = '';
      do {
        const { body } = await ask(messageId, owner, `?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
        seen.push(...body.items.map((row: Row) => row.subscriptionId));
        cursor = body.nextCursor;
      } while (cursor !== null);
      expect(seen.toSorted()).toEqual([null, ...ids].toSorted());
    }
    const [one] = ids;
    expect(await only(messageId, reader, `?subscriptionId=${one}`)).toMatchObject({ subscriptionId: one });
    expect(await rows(messageId, stranger, `?subscriptionId=${one}`)).toEqual([]);
    expect(await only(messageId, owner, `?partnerId=${stranger.id}`)).toMatchObject({ subscriptionId: null });
    for (const bad of [
      '?cursor=x',
      '?cursor=cGFyX3g',
      '?partnerId=x',
      '?subscriptionId=sub_%27',
      '?unknown=1',
    ]) {
      expect((await ask(messageId, owner, bad)).status).toBe(422);
    }
  });
});
