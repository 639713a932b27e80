import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numbersOf, openPullers, type Pullers } from '../testing/pullers.ts';

let world: Pullers;
const POLLS = 3;

beforeAll(async () => {
  world = await openPullers({ ANIKA_MAX_POLLS: String(POLLS) });
});
afterAll(() => world.close());

/** A pull whose caller can go away. */
function openPoll(id: string, waitSeconds: number) {
  const caller = new AbortController();
  const answer = fetch(`${world.api.url}/v1/subscriptions/${id}/pull`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${world.parties.reader.token}`,
    },
    body: JSON.stringify({ waitSeconds }),
    signal: caller.signal,
  }).then((response) => response.status);
  return { answer, goAway: () => caller.abort() };
}

describe('a pull that waits', () => {
  it('is answered as soon as there is something, and with nothing when its time is over', async () => {
    const { parties, pull, subscribed } = world;
    const { topicId, id } = await subscribed();
    const waiting = pull(id, { waitSeconds: 20 });
    await parties.publish(topicId, { n: 1 });
    expect(numbersOf(await waiting)).toEqual([1]);
    expect(await pull(id, { waitSeconds: 1 })).toEqual([]);
  });

  it('of several each gets its own, and none gets the same', async () => {
    const { parties, pull, subscribed } = world;
    const { topicId, id } = await subscribed();
    const waiting = Array.from({ length: POLLS }, () => pull(id, { waitSeconds: 20, max: 1 }));
    for (let n = 1; n <= POLLS; n += 1) await parties.publish(topicId, { n });
    const items = (await Promise.all(waiting)).flat();
    expect(numbersOf(items).sort()).toEqual([1, 2, 3]);
    expect(new Set(items.map(({ deliveryId }) => deliveryId)).size).toBe(POLLS);
  });

  it('finds by itself what nobody wakes it for: a lease that lapsed', async () => {
    const { lapse, parties, pull, subscribed } = world;
    const { topicId, id } = await subscribed();
    await parties.publish(topicId, { n: 1 });
    await pull(id, { waitSeconds: 20 });
    const waiting = pull(id, { waitSeconds: 20 });
    await lapse(id);
    expect(await waiting).toMatchObject([{ attempt: 2 }]);
  });

  it('counts for its company while it lasts, and no longer: not when its caller has gone away', async () => {
    const { post, subscribed } = world;
    const { id } = await subscribed();
    const open = Array.from({ length: POLLS }, () => openPoll(id, 20));
    const refused = await eventually(async () => {
      const answer = await post(`/v1/subscriptions/${id}/pull`, {});
      return answer.status === 429 ? answer : undefined;
    });
    expect(refused.body).toMatchObject({ code: 'rate-limited', detail: expect.stringContaining('pulls') });
    expect(refused.headers.get('retry-after')).toBe('1');
    for (const { goAway } of open) goAway();
    await Promise.allSettled(open.map(({ answer }) => answer));
    await eventually(async () => (await post(`/v1/subscriptions/${id}/pull`, {})).status === 200);
  });

  it('gives nothing to a key that was revoked meanwhile', async () => {
    const { api, parties, pull, subscribed } = world;
    const { topicId, id } = await subscribed();
    const { token } = parties.reader;
    const body = { name: 'puller', scopes: ['receive'] };
    const key = (await api.call('POST', '/v1/api-keys', { token, body })).body;
    const path = `/v1/subscriptions/${id}/pull`;
    const waiting = api.call('POST', path, { token: key.key, body: { waitSeconds: 20 } });
    await api.call('DELETE', `/v1/api-keys/${key.id}`, { token });
    await parties.publish(topicId, { n: 1 });
    expect(await waiting).toMatchObject({ status: 401 });
    expect(await pull(id, { waitSeconds: 20 })).toMatchObject([{ attempt: 1 }]);
  });

  it.each([
    { max: 0 },
    { max: 101 },
    { waitSeconds: 21 },
    { waitSeconds: -1 },
    { leaseSeconds: 4 },
    { leaseSeconds: 601 },
    { max: '10' },
    { wait: 1 },
  ])('is refused with %j', async (body) => {
    const { id } = await world.subscribed();
    expect((await world.post(`/v1/subscriptions/${id}/pull`, body)).status).toBe(422);
  });
});

it('many who pull at once get everything, in their order, and nothing twice', async () => {
  const { ack, parties, pull, subscribed } = world;
  const { topicId, id } = await subscribed();
  const count = 200;
  for (let from = 0; from < count; from += 100) {
    const messages = Array.from({ length: 100 }, (_, n) => ({ type: 'car.chosen', data: { n: from + n } }));
    const sent = await world.post(`/v1/topics/${topicId}/messages/batch`, { messages }, parties.owner.token);
    expect(sent.status).toBe(202);
  }
  const given: string[] = [];
  await Promise.all(
    Array.from({ length: POLLS }, async () => {
      while (given.length < count) {
        const items = await pull(id, { max: 7, waitSeconds: 1 });
        if (items.length === 0) continue;
        given.push(...items.map(({ deliveryId }) => deliveryId));
        expect(numbersOf(items)).toEqual([...numbersOf(items)].sort((a, b) => Number(a) - Number(b)));
        expect(new Set(await ack(id, items))).toEqual(new Set([200]));
      }
    }),
  );
  expect(given).toHaveLength(count);
  expect(new Set(given).size).toBe(count);
  expect(await pull(id, { waitSeconds: 1 })).toEqual([]);
});
