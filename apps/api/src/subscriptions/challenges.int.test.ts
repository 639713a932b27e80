import { type Receiver, type ReceiverOptions, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

/** Names that no DNS knows: a challenge to them is sent, counted, and comes to nothing. */
const host = (name: string) => `https://${name}.example.invalid/hook`;

let api: TestApi;
let parties: Parties;
let topicId: string;

beforeAll(async () => {
  api = await startTestApi({ ANIKA_CHALLENGES_HOST: '3', ANIKA_CHALLENGES_PARTNER: '6' });
  parties = await openParties(api);
  topicId = await parties.grantedTopic();
});
afterAll(() => api.close());

async function endpoint(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  onTestFinished(() => receiver.close());
  return receiver;
}

function subscribe(url: string, token = parties.reader.token, headers?: Record<string, string>) {
  return api.call('POST', '/v1/subscriptions', {
    token,
    body: { topicId, url, ...(headers && { headers }) },
  });
}

const act = (id: string, what: string, token = parties.reader.token) =>
  api.call('POST', `/v1/subscriptions/${id}/${what}`, { token });

describe('an endpoint that has agreed to nothing', () => {
  it('gets no test event, and tells nothing of what it answers', async () => {
    const receiver = await endpoint({
      respondToChallenge: () => ({ status: 404, body: 'secret of the internal page' }),
    });
    const { body, status } = await subscribe(receiver.url);
    expect([status, body.state]).toEqual([201, 'pending']);
    for (const what of ['test', 'verify', 'test']) {
      const answer = await act(body.id, what);
      expect(JSON.stringify(answer.body)).not.toContain('secret of');
      if (what === 'test') {
        expect(answer).toMatchObject({
          status: 409,
          body: { code: 'conflict', detail: expect.stringContaining('has not answered its challenge') },
        });
      }
    }
    expect(receiver.received).toHaveLength(0);
  });

  it('gets challenges without the headers of the subscription, and those only once it has agreed', async () => {
    const receiver = await endpoint();
    const headers = { Authorization: 'Basic eDp5', Cookie: 'a=b', 'X-Api-Key': 'k' };
    const { body } = await subscribe(receiver.url, parties.reader.token, headers);
    const challenges = receiver.challenges.map((request) => request.headers);
    expect(challenges.length).toBeGreaterThan(0);
    for (const sent of challenges) {
      expect(sent).not.toHaveProperty('authorization');
      expect(sent).not.toHaveProperty('cookie');
      expect(sent).not.toHaveProperty('x-api-key');
    }
    expect((await act(body.id, 'test')).status).toBe(200);
    expect(receiver.received.at(-1)?.headers).toMatchObject({
      authorization: 'Basic eDp5',
      'x-api-key': 'k',
    });
  });

  it('of a changed address gets no test event before it has agreed', async () => {
    const receiver = await endpoint();
    const { body } = await subscribe(receiver.url);
    expect((await act(body.id, 'test')).status).toBe(200);
    const silent = await endpoint({ respondToChallenge: () => ({ status: 500 }) });
    await api.call('PATCH', `/v1/subscriptions/${body.id}`, {
      token: parties.reader.token,
      body: { url: `${silent.url}/other` },
    });
    expect((await act(body.id, 'test')).status).toBe(409);
  });
});

describe('challenges', () => {
  it('to one host are limited over all companies: making, changing and verifying count', async () => {
    const url = host('one');
    const made = await subscribe(url);
    expect([made.status, made.body.state]).toEqual([201, 'pending']);
    expect((await act(made.body.id, 'verify')).status).toBe(200);
    const other = parties.owner.token;
    expect((await subscribe(`${url}/other`, other)).status).toBe(201);
    const refused = await subscribe(url, other);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await act(made.body.id, 'verify')).status).toBe(429);
    // Nothing was changed by what was refused.
    const { body } = await api.call('GET', '/v1/subscriptions', { token: other });
    expect(body.items.filter((each: { url: string }) => each.url === url)).toEqual([]);
    const elsewhere = await subscribe(host('two'), other);
    const moved = await api.call('PATCH', `/v1/subscriptions/${elsewhere.body.id}`, {
      token: other,
      body: { url },
    });
    expect(moved.status).toBe(429);
    const read = await api.call('GET', `/v1/subscriptions/${elsewhere.body.id}`, { token: other });
    expect(read.body.url).toBe(host('two'));
  });

  it('of one company are limited over all hosts, and hosts on the allow list are not counted', async () => {
    const token = parties.reader.token;
    const statuses: number[] = [];
    for (let at = 0; at < 8; at += 1) statuses.push((await subscribe(host(`h${at}`), token)).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(6);
    const receiver = await endpoint();
    for (let at = 0; at < 8; at += 1) expect((await subscribe(receiver.url)).status).toBe(201);
  });
});
