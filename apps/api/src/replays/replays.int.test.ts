import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;

beforeAll(async () => {
  api = await startTestApi();
  [parties, receiver] = await Promise.all([openParties(api), startReceiver()]);
});

afterAll(async () => {
  await receiver.close();
  await api.close();
});

const HOUR_MS = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const anHour = (more: object = {}) => ({ from: ago(HOUR_MS), only: 'missing', ...more });

type Path = { readonly id: string };
const ask = (id: string, body: unknown, token = parties.reader.token): Promise<Answer> =>
  api.call('POST', `/v1/subscriptions/${id}/replays`, { token, body });
const act = (id: string, verb: string, token = parties.reader.token): Promise<Answer> =>
  api.call('POST', `/v1/replays/${id}/${verb}`, { token });
const preview = async (id: string, more: object = {}) => {
  const { status, body } = await ask(id, anHour({ dryRun: true, ...more }));
  expect(status).toBe(200);
  return body;
};

/** Messages first, then the subscription: nothing of them became a delivery. Nobody dispatches here. */
async function scene(terms: object = {}, data: readonly unknown[] = [{ price: 1 }, { price: 2 }]) {
  const topicId = await parties.grantedTopic(terms);
  for (const one of data) await parties.publish(topicId, one);
  const subscription: Path = await parties.subscribe(topicId, receiver.url);
  return { topicId, id: subscription.id };
}

describe('a dry run', () => {
  it('counts what would be sent and starts nothing', async () => {
    const { id, topicId } = await scene();
    const last = await parties.publish(topicId, { price: 3 }, { type: 'car.sold' });
    await eventually(async () => {
      const path = `/v1/messages/${last}/deliveries`;
      return (await api.call('GET', path, { token: parties.reader.token })).body.items.length === 1;
    });
    const none = { dead: 0, cancelled: 0, delivered: 0 };
    // The last one is under way.
    expect(await preview(id)).toEqual({ dryRun: true, matched: 2, never: 2, ...none, complete: true });
    expect(await preview(id, { filter: { 'data.price': { gt: 1 } } })).toMatchObject({ matched: 1 });
    expect(await preview(id, { types: ['car.sold'] })).toMatchObject({ matched: 0 });
    expect(await preview(id, { to: ago(HOUR_MS / 2) })).toMatchObject({ matched: 0 });
    const { body } = await api.call('GET', `/v1/replays?subscriptionId=${id}`, {
      token: parties.reader.token,
    });
    expect(body.items).toEqual([]);
  });

  it('tells nothing of what the grant hides', async () => {
    const secret = { price: 1, phone: '+7 900 000-00-00' };
    const { id, topicId } = await scene({ fields: { exclude: ['data.phone'] } }, [secret]);
    expect(await preview(id, { filter: { 'data.phone': secret.phone } })).toMatchObject({ matched: 0 });
    expect(await preview(id, { filter: { 'data.phone': { prefix: '+7' } } })).toMatchObject({ matched: 0 });
    expect(await preview(id, { filter: { not: { 'data.phone': 'x' } } })).toMatchObject({ matched: 1 });
    await parties.publish(topicId, secret, { audience: [parties.owner.id] });
    expect(await preview(id)).toMatchObject({ matched: 1 });
  });

  it('judges the past by the grant of the present', async () => {
    const { id, topicId } = await scene();
    await parties.grant(topicId, { filter: { 'data.price': 2 } });
    expect(await preview(id)).toMatchObject({ matched: 1 });
    await parties.grant(topicId, { types: ['car.sold'] });
    expect(await preview(id)).toMatchObject({ matched: 0 });
    await parties.revoke(topicId);
    await parties.grant(topicId, { history: false });
    expect(await preview(id)).toMatchObject({ matched: 0 });
  });

  it('compares numbers digit for digit', async () => {
    const topicId = await parties.grantedTopic();
    const rawBody = '{"type":"car.chosen","data":{"account":12345678901234567891}}';
    await api.call('POST', `/v1/topics/${topicId}/messages`, { token: parties.owner.token, rawBody });
    const { id } = await parties.subscribe(topicId, receiver.url);
    const counted = async (digits: string) => {
      const body = `{"from":"${ago(HOUR_MS)}","only":"missing","dryRun":true,"filter":{"data.account":${digits}}}`;
      const path = `/v1/subscriptions/${id}/replays`;
      return (await api.call('POST', path, { token: parties.reader.token, rawBody: body })).body.matched;
    };
    expect(await counted('12345678901234567891')).toBe(1);
    expect(await counted('12345678901234567890')).toBe(0);
  });
});

describe('starting one', () => {
  it('answers with what was asked for, and shows it in the list and to the owner’s log', async () => {
    const { id, topicId } = await scene();
    const filter = { 'data.price': { lt: 10 } };
    const { status, body } = await ask(id, anHour({ types: ['car.chosen'], filter, perSecond: 3 }));
    expect(status).toBe(202);
    const asked = {
      subscriptionId: id,
      topicId,
      types: ['car.chosen'],
      filter,
      only: 'missing',
      perSecond: 3,
    };
    const counts = { matched: 0, started: 0, underWay: 0, delivered: 0, dead: 0, cancelled: 0 };
    expect(body).toMatchObject({ ...asked, ...counts, state: 'running', reason: null, endedAt: null });
    const { token } = parties.reader;
    expect((await api.call('GET', `/v1/replays/${body.id}`, { token })).body).toEqual(body);
    const list = await api.call('GET', `/v1/replays?subscriptionId=${id}`, { token });
    expect(list.body.items).toEqual([body]);
    const log = await api.call('GET', `/v1/audit?topicId=${topicId}&action=replay.started`, {
      token: parties.owner.token,
    });
    expect(log.body.items).toMatchObject([
      { subjectId: body.id, after: { subscriptionId: id, only: 'missing' } },
    ]);
    expect(JSON.stringify(log.body)).not.toContain('price');
  });

  it.each([
    ['from after to', () => ({ from: ago(1000), to: ago(2000), only: 'all' }), 'from'],
    ['a time that has not begun', () => ({ from: ago(-HOUR_MS), only: 'all' }), 'from'],
    ['more than 92 days', () => ({ from: ago(93 * 24 * HOUR_MS), only: 'all' }), 'from'],
    ['no word of what', () => ({ from: ago(HOUR_MS) }), 'only'],
    ['another word', () => anHour({ only: 'dead' }), 'only'],
    ['a pace of none', () => anHour({ perSecond: 0 }), 'perSecond'],
    ['a pace of too much', () => anHour({ perSecond: 1001 }), 'perSecond'],
    ['a filter that is none', () => anHour({ filter: { 'data.price': { nearly: 1 } } }), 'filter'],
  ])('refuses %s', async (_what, bodyOf, path) => {
    const { id } = await scene();
    for (const body of [bodyOf(), { ...bodyOf(), dryRun: true }]) {
      const { status, body: problem } = await ask(id, body);
      expect([status, problem.code]).toEqual([422, 'validation-failed']);
      expect(problem.errors[0].path).toContain(path);
    }
  });

  it('ends now where `to` lies in the future', async () => {
    const { id } = await scene();
    const { body } = await ask(id, anHour({ to: ago(-HOUR_MS) }));
    expect(Date.parse(body.to)).toBeLessThanOrEqual(Date.now());
  });

  it('is for whoever may manage the subscription', async () => {
    const { id } = await scene();
    const { owner, reader, stranger } = parties;
    const [viewer, readKey, manageKey] = await Promise.all([
      reader.userToken('viewer'),
      reader.apiKey(['read']),
      reader.apiKey(['manage']),
    ]);
    for (const body of [anHour(), anHour({ dryRun: true })]) {
      for (const token of [owner.token, stranger.token])
        expect((await ask(id, body, token)).status).toBe(404);
      for (const token of [viewer, readKey]) expect((await ask(id, body, token)).status).toBe(403);
    }
    const made = await ask(id, anHour(), manageKey);
    expect(made.status).toBe(202);
    for (const verb of ['pause', 'resume', 'stop']) {
      for (const token of [owner.token, stranger.token]) {
        expect((await act(made.body.id, verb, token)).status).toBe(404);
      }
      for (const token of [viewer, readKey]) expect((await act(made.body.id, verb, token)).status).toBe(403);
    }
    for (const token of [owner.token, stranger.token]) {
      expect((await api.call('GET', `/v1/replays/${made.body.id}`, { token })).status).toBe(404);
      const list = await api.call('GET', `/v1/replays?subscriptionId=${id}`, { token });
      expect(list.body.items).toEqual([]);
    }
  });

  it('is refused where the subscription is not active, its grant has ended, or one has not ended', async () => {
    const { id, topicId } = await scene();
    const refused = async (body = anHour()) => (await ask(id, body)).body.code;
    const { token } = parties.reader;
    await api.call('POST', `/v1/subscriptions/${id}/pause`, { token });
    expect(await refused()).toBe('conflict');
    await api.call('POST', `/v1/subscriptions/${id}/resume`, { token });
    const both = await Promise.all([ask(id, anHour()), ask(id, anHour({ only: 'all' }))]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    const running = both.find(({ status }) => status === 202)?.body.id;
    await act(running, 'stop');
    await parties.revoke(topicId);
    expect(await refused()).toBe('conflict');
    expect(await refused(anHour({ dryRun: true }))).toBe('conflict');
    await api.call('DELETE', `/v1/subscriptions/${id}`, { token });
    expect(await refused()).toBe('not-found');
  });
});

describe('pause, resume and stop', () => {
  it('do what their names say, once, and are refused where there is nothing to do', async () => {
    const { id } = await scene();
    const { body } = await ask(id, anHour());
    const did = async (verb: string) => {
      const answer = await act(body.id, verb);
      return answer.status === 200 ? [answer.body.state, answer.body.reason] : answer.status;
    };
    expect(await did('resume')).toBe(409);
    expect(await did('pause')).toEqual(['paused', 'asked']);
    expect(await did('pause')).toBe(409);
    expect(await did('resume')).toEqual(['running', null]);
    expect(await did('stop')).toEqual(['stopped', 'asked']);
    for (const verb of ['pause', 'resume', 'stop']) expect(await did(verb)).toBe(409);
  });

  it('resume is refused where nothing could be sent', async () => {
    const { id, topicId } = await scene();
    const { body } = await ask(id, anHour());
    await act(body.id, 'pause');
    await parties.revoke(topicId);
    expect((await act(body.id, 'resume')).status).toBe(409);
  });
});

describe('startFrom', () => {
  it('makes a replay when the endpoint has answered its challenge, whenever that is', async () => {
    const topicId = await parties.grantedTopic();
    const shy = await startReceiver({ respondToChallenge: () => ({ status: 500 }) });
    const { id, state } = await parties.subscribe(topicId, shy.url, { startFrom: ago(HOUR_MS) });
    expect(state).toBe('pending');
    const { token } = parties.reader;
    const replays = async () =>
      (await api.call('GET', `/v1/replays?subscriptionId=${id}`, { token })).body.items;
    expect(await replays()).toEqual([]);
    await api.call('PATCH', `/v1/subscriptions/${id}`, { token, body: { url: receiver.url } });
    expect(await replays()).toMatchObject([{ state: 'running', only: 'missing', types: [], filter: null }]);
    await api.call('POST', `/v1/subscriptions/${id}/verify`, { token });
    expect(await replays()).toHaveLength(1);
    await shy.close();
  });

  it.each([
    ['in the future', -HOUR_MS],
    ['more than 92 days ago', 93 * 24 * HOUR_MS],
  ])('is refused %s', async (_what, ms) => {
    const topicId = await parties.grantedTopic();
    const body = { topicId, url: receiver.url, startFrom: ago(ms) };
    const answer = await api.call('POST', '/v1/subscriptions', { token: parties.reader.token, body });
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([422, 'startFrom']);
  });
});
