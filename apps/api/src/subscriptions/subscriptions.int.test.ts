import { createPublicKey, verify } from 'node:crypto';
import { connectPostgres } from '@anika/stores/postgres/client';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

async function receiver(options?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const started = await startReceiver(options);
  onTestFinished(() => started.close());
  return started;
}

function act(id: string, action: string, body?: unknown, token = parties.reader.token) {
  return api.call('POST', `/v1/subscriptions/${id}/${action}`, { token, body });
}

function patch(id: string, body: unknown) {
  return api.call('PATCH', `/v1/subscriptions/${id}`, { token: parties.reader.token, body });
}

async function read(id: string) {
  return (await api.call('GET', `/v1/subscriptions/${id}`, { token: parties.reader.token })).body;
}

/** A new subscription of the reader whose endpoint answers its challenge. */
async function subscribed(more: object = {}) {
  const endpoint = await receiver();
  const topicId = await parties.grantedTopic();
  const subscription = await parties.subscribe(topicId, endpoint.url, more);
  return { endpoint, topicId, ...(subscription as { id: string; secret: string; state: string }) };
}

const headersOf = (request: { headers: object }) => request.headers as Record<string, string>;

describe('creating a subscription', () => {
  it('activates an endpoint that repeats the challenge, which is signed with its secret', async () => {
    const endpoint = await receiver();
    const topicId = await parties.grantedTopic();
    const { status, body, headers } = await api.call('POST', '/v1/subscriptions', {
      token: parties.reader.token,
      body: { topicId, url: `${endpoint.url}/hook`, headers: { 'X-Api-Key': 'mine' }, description: 'CRM' },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      topicId,
      url: `${endpoint.url}/hook`,
      state: 'active',
      stateReason: null,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      eventTypes: [],
      filter: null,
      headers: { 'X-Api-Key': '***' },
      timeoutMs: 15_000,
      maxConcurrency: 128,
      rateLimitPerSecond: null,
      description: 'CRM',
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const [challenge] = endpoint.challenges;
    if (challenge === undefined) throw new Error('no challenge came');
    expect(challenge.path).toBe('/hook');
    expect(challenge.headers).not.toHaveProperty('x-api-key');
    expect(challenge.body).toMatchObject({ topic: { id: topicId }, publisher: { id: parties.owner.id } });
    new Webhook(body.secret).verify(challenge.rawBody, headersOf(challenge));
    new SvixWebhook(body.secret).verify(challenge.rawBody, headersOf(challenge));
  });

  it('works for the owner without a grant', async () => {
    const endpoint = await receiver();
    const topicId = await parties.topic();
    expect(await parties.subscribe(topicId, endpoint.url, {}, parties.owner)).toMatchObject({
      state: 'active',
    });
  });

  it.each([
    ['answers something else', () => ({ status: 200, body: '{"challenge":"guess"}' }), /not repeated/],
    ['answers no JSON', () => ({ status: 200, body: 'ok' }), /not repeated/],
    ['answers 500', () => ({ status: 500 }), /status 500/],
    ['redirects', () => ({ status: 302, headers: { location: '/elsewhere' } }), /status 302/],
    ['breaks the connection', () => 'reset' as const, /challenge failed/],
  ])('leaves it pending with the reason when the endpoint %s', async (_, respondToChallenge, reason) => {
    const endpoint = await receiver({ respondToChallenge });
    const created = await parties.subscribe(await parties.grantedTopic(), endpoint.url);
    expect(created).toMatchObject({ state: 'pending', stateReason: expect.stringMatching(reason) });
    expect(endpoint.challenges).toHaveLength(1);
  });

  async function refusalOf(url: string) {
    const { status, body } = await api.call('POST', '/v1/subscriptions', {
      token: parties.reader.token,
      body: { topicId: await parties.grantedTopic(), url },
    });
    return { status, code: body.code, errors: body.errors };
  }

  it.each([
    'https://127.0.0.2/',
    'https://10.1.2.3/hook',
    'https://192.168.0.1/',
    'https://172.16.5.4/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://2130706434/',
    'https://0x7f000002/',
    'https://0177.0.0.2/',
    'https://127.2/',
    'https://0.0.0.0/',
    'https://１０.1.2.3/',
  ])('refuses the private address %s however it is spelt', async (url) => {
    expect(await refusalOf(url)).toMatchObject({
      status: 422,
      code: 'endpoint-refused',
      errors: [
        {
          path: 'url',
          message: expect.stringMatching(/public internet/),
          rule: expect.stringMatching(/^url-/),
        },
      ],
    });
  });

  it.each([
    'http://endpoint.example/',
    'https://endpoint.example:22/',
    'ftp://endpoint.example/',
    'file:///etc/passwd',
    'https://user:password@endpoint.example/',
    'https:/endpoint.example/',
    'https://endpoint.example\\@127.0.0.1/',
    'not a url',
  ])('refuses %s as an endpoint', async (url) => {
    expect(await refusalOf(url)).toMatchObject({
      status: 422,
      code: 'endpoint-refused',
      errors: [{ path: 'url' }],
    });
  });

  it.each([
    'Host',
    'content-length',
    'Content-Type',
    'Transfer-Encoding',
    'connection',
    'keep-alive',
    'TE',
    'Trailer',
    'Upgrade',
    'Proxy-Authorization',
    'Webhook-Signature',
    'webhook-id',
    'anika-delivery-id',
    'X-Forwarded-For',
    'bad name',
    'x-bad\r\nvalue',
  ])('refuses the header %j', async (name) => {
    const endpoint = await receiver();
    const { status, body } = await api.call('POST', '/v1/subscriptions', {
      token: parties.reader.token,
      body: { topicId: await parties.grantedTopic(), url: endpoint.url, headers: { [name]: 'x' } },
    });
    expect({ status, errors: body.errors }).toMatchObject({
      status: 422,
      errors: [{ path: `headers.${name}` }],
    });
    expect(endpoint.challenges).toEqual([]);
  });

  it('refuses a header value that would split the request', async () => {
    const { status, body } = await api.call('POST', '/v1/subscriptions', {
      token: parties.reader.token,
      body: {
        topicId: await parties.grantedTopic(),
        url: 'https://endpoint.example/',
        headers: { 'x-ok': 'a\r\nHost: evil' },
      },
    });
    expect({ status, path: body.errors?.[0].path }).toEqual({ status: 422, path: 'headers.x-ok' });
  });

  it.each([
    [{ filter: { price: 1 } }, 'filter.price'],
    [{ filter: { 'data.a': { regex: 'x' } } }, 'filter.data.a.regex'],
    [{ eventTypes: ['ok', 'not ok'] }, 'eventTypes.1'],
    [{ timeoutMs: 999 }, 'timeoutMs'],
    [{ maxConcurrency: 0 }, 'maxConcurrency'],
    [{ rateLimitPerSecond: 0 }, 'rateLimitPerSecond'],
  ])('refuses %j and says where', async (fields, path) => {
    const { status, body } = await api.call('POST', '/v1/subscriptions', {
      token: parties.reader.token,
      body: { topicId: await parties.grantedTopic(), url: 'https://endpoint.example/', ...fields },
    });
    expect({ status, path: body.errors?.[0].path }).toEqual({ status: 422, path });
  });

  it('answers 404 to whoever may not read the topic', async () => {
    const topicId = await parties.grantedTopic();
    const body = { topicId, url: 'https://endpoint.example/' };
    const foreign = await api.call('POST', '/v1/subscriptions', { token: parties.stranger.token, body });
    expect(foreign.status).toBe(404);
    await parties.revoke(topicId);
    const revoked = await api.call('POST', '/v1/subscriptions', { token: parties.reader.token, body });
    expect(revoked.status).toBe(404);
  });
});

describe('verifying', () => {
  it('activates a pending subscription once its endpoint answers', async () => {
    let broken = true;
    const endpoint = await receiver({
      respondToChallenge: ({ body }) => {
        if (broken) return { status: 503 };
        const { data } = body as { data: { challenge: string } };
        return { status: 201, body: JSON.stringify({ challenge: data.challenge, more: 1 }) };
      },
    });
    const { id } = await parties.subscribe(await parties.grantedTopic(), endpoint.url);
    expect((await act(id, 'verify')).body).toMatchObject({ state: 'pending' });
    broken = false;
    const verified = await act(id, 'verify');
    expect(verified).toMatchObject({ status: 200, body: { state: 'active', stateReason: null } });
    const challenges = endpoint.challenges.map(({ body }) => JSON.stringify(body));
    expect(new Set(challenges).size).toBe(3);
  });
});

describe('pausing and resuming', () => {
  it('moves between active and paused, and refuses to do either twice', async () => {
    const { id, endpoint } = await subscribed();
    expect(await act(id, 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } });
    expect(await act(id, 'pause')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await act(id, 'resume')).toMatchObject({
      status: 200,
      body: { state: 'active', stateReason: null },
    });
    expect(await act(id, 'resume')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(endpoint.challenges).toHaveLength(1);
  });

  it('refuses a body that says anything', async () => {
    const { id } = await subscribed();
    expect((await act(id, 'pause', { until: 'tomorrow' })).status).toBe(422);
    expect((await act(id, 'pause', {})).status).toBe(200);
  });
});

describe('changing', () => {
  it('keeps the fields that are not named and takes away those that are null', async () => {
    const { id, endpoint } = await subscribed({
      filter: { 'data.a': 1 },
      headers: { 'x-a': '1' },
      description: 'one',
      eventTypes: ['a'],
    });
    const changed = await patch(id, { filter: null, timeoutMs: 2000, rateLimitPerSecond: 5 });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        filter: null,
        timeoutMs: 2000,
        rateLimitPerSecond: 5,
        headers: { 'x-a': '***' },
        eventTypes: ['a'],
        description: 'one',
        state: 'active',
      },
    });
    expect(await patch(id, { headers: null, rateLimitPerSecond: null })).toMatchObject({
      body: { headers: null, rateLimitPerSecond: null },
    });
    expect(endpoint.challenges).toHaveLength(1);
  });

  it('challenges a new address, which is pending when it fails and active when it answers', async () => {
    const { id } = await subscribed();
    const [deaf, good] = [await receiver({ respondToChallenge: () => ({ status: 404 }) }), await receiver()];
    expect((await patch(id, { url: deaf.url })).body).toMatchObject({ state: 'pending', url: deaf.url });
    expect((await patch(id, { url: good.url })).body).toMatchObject({ state: 'active', stateReason: null });
    expect([deaf.challenges.length, good.challenges.length]).toEqual([1, 1]);
  });

  it('challenges a new address of a paused subscription too, which stays paused', async () => {
    const { id } = await subscribed();
    await act(id, 'pause');
    const good = await receiver();
    await patch(id, { url: good.url });
    expect(good.challenges).toHaveLength(1);
    expect(await read(id)).toMatchObject({ state: 'paused', url: good.url });
    expect((await act(id, 'resume')).body.state).toBe('active');
  });

  it('leaves a paused subscription paused when its new address does not answer, so that no verify starts it', async () => {
    const { id } = await subscribed();
    await act(id, 'pause');
    let answers = false;
    const late = await receiver({
      respondToChallenge: ({ rawBody }) =>
        answers
          ? { status: 200, body: JSON.stringify({ challenge: JSON.parse(rawBody).data.challenge }) }
          : { status: 404 },
    });
    expect((await patch(id, { url: late.url })).body.state).toBe('paused');
    expect((await act(id, 'verify')).body.state).toBe('paused');
    answers = true;
    expect((await act(id, 'verify')).body.state).toBe('paused');
    expect((await act(id, 'resume')).body.state).toBe('active');
  });

  it('lets no paused subscription resume to an address that did not answer', async () => {
    const { id } = await subscribed();
    await act(id, 'pause');
    const deaf = await receiver({ respondToChallenge: () => ({ status: 404 }) });
    await patch(id, { url: deaf.url });
    const resumed = await act(id, 'resume');
    expect(resumed.body.state).not.toBe('active');
    expect((await read(id)).state).not.toBe('active');
  });

  it('refuses a forbidden address and leaves everything as it was', async () => {
    const { id, endpoint } = await subscribed();
    const refused = await patch(id, { url: 'http://169.254.169.254/', description: 'changed' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'endpoint-refused' } });
    expect(await read(id)).toMatchObject({ url: endpoint.url, description: null });
  });

  it('refuses fields it does not know', async () => {
    const { id } = await subscribed();
    expect((await patch(id, { state: 'active' })).status).toBe(422);
    expect((await patch(id, { topicId: await parties.topic() })).status).toBe(422);
  });
});

describe('a test event', () => {
  it('is signed and reports what the endpoint answered, nothing else', async () => {
    const { id, endpoint, secret } = await subscribed();
    endpoint.respondWith(() => ({ status: 200, body: 'thanks' }));
    expect(await act(id, 'test')).toMatchObject({
      status: 200,
      body: { delivered: true, status: 200, error: null, response: 'thanks' },
    });
    const [event] = await endpoint.waitFor(1);
    if (event === undefined) throw new Error('no event came');
    expect(event.body).toMatchObject({ type: 'anika.endpoint.test' });
    new Webhook(secret).verify(event.rawBody, headersOf(event));
    endpoint.respondWith(() => ({ status: 500, body: 'broken' }));
    expect((await act(id, 'test')).body).toMatchObject({ delivered: false, status: 500, response: 'broken' });
    endpoint.respondWith(() => 'reset');
    expect((await act(id, 'test')).body).toMatchObject({ delivered: false, status: null });
    expect((await read(id)).state).toBe('active');
  });

  it('goes to a paused endpoint too', async () => {
    const { id, endpoint } = await subscribed();
    await act(id, 'pause');
    expect((await act(id, 'test')).body.delivered).toBe(true);
    expect(endpoint.received).toHaveLength(1);
  });
});

describe('custom headers', () => {
  const sent = async (id: string, endpoint: Receiver) => {
    const before = endpoint.received.length;
    await act(id, 'test');
    return (await endpoint.waitFor(before + 1))[before]?.headers;
  };

  it('are sent, shown by name only to whoever asks, and stored sealed', async () => {
    const { id, endpoint } = await subscribed({ headers: { Authorization: 'Bearer s3cr3t', 'X-A': '1' } });
    expect(await sent(id, endpoint)).toMatchObject({ authorization: 'Bearer s3cr3t', 'x-a': '1' });
    const { reader } = parties;
    for (const token of [reader.token, await reader.userToken('viewer'), await reader.apiKey(['read'])]) {
      const one = await api.call('GET', `/v1/subscriptions/${id}`, { token });
      const list = await api.call('GET', '/v1/subscriptions', { token });
      expect(one.body.headers).toEqual({ Authorization: '***', 'X-A': '***' });
      expect(JSON.stringify([one.body, list.body])).not.toContain('s3cr3t');
    }
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const [row] = await postgres.db.$queryRaw<{ text: string }[]>`
      SELECT row_to_json(s)::text AS text FROM subscriptions s WHERE id = ${id}`;
    await postgres.close();
    expect(row?.text).toContain('Authorization');
    expect(row?.text).not.toContain('s3cr3t');
  });

  it('are replaced as a whole; *** keeps a value that is there, and there only', async () => {
    const { id, endpoint } = await subscribed({ headers: { Authorization: 'Bearer one', 'X-A': '1' } });
    const kept = await patch(id, { headers: { authorization: '***', 'X-B': '2' } });
    expect(kept.body.headers).toEqual({ authorization: '***', 'X-B': '***' });
    const headers = await sent(id, endpoint);
    expect(headers).toMatchObject({ authorization: 'Bearer one', 'x-b': '2' });
    expect(headers).not.toHaveProperty('x-a');
    expect(await patch(id, { headers: { 'X-New': '***' } })).toMatchObject({
      status: 422,
      body: { code: 'validation-failed', errors: [{ path: 'headers.X-New' }] },
    });
    expect(await sent(id, endpoint)).toMatchObject({ authorization: 'Bearer one' });
  });

  it('do not go along to another server, whoever moves the address there', async () => {
    const { id, endpoint } = await subscribed({ headers: { Authorization: 'Bearer s3cr3t', 'X-A': '1' } });
    const other = await receiver();
    for (const [body, path] of [
      [{ url: `${other.url}/hook` }, 'headers'],
      [{ url: other.url, headers: { Authorization: '***' } }, 'headers.Authorization'],
      [{ url: other.url, headers: { 'X-A': 'mine', authorization: '***' } }, 'headers.authorization'],
    ] as const) {
      expect(await patch(id, body)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    }
    expect(other.challenges).toHaveLength(0);
    expect(await sent(id, endpoint)).toMatchObject({ authorization: 'Bearer s3cr3t' });
    const moved = await patch(id, { url: other.url, headers: { 'X-A': 'anew' } });
    expect(moved).toMatchObject({ status: 200, body: { state: 'active', headers: { 'X-A': '***' } } });
    const there = await sent(id, other);
    expect(there).toMatchObject({ 'x-a': 'anew' });
    expect(there).not.toHaveProperty('authorization');
    // On the same server another path is another path.
    expect(await patch(id, { url: `${other.url}/elsewhere` })).toMatchObject({
      status: 200,
      body: { headers: { 'X-A': '***' } },
    });
    const bare = await patch(id, { url: endpoint.url, headers: null });
    expect(bare).toMatchObject({ status: 200, body: { headers: null } });
  });
});

describe('an address with a query', () => {
  it('is shown whole to those who may change it, and without its values to others', async () => {
    const { id, endpoint } = await subscribed();
    const url = `${endpoint.url}/hook?token=s3cr3t&x`;
    expect((await patch(id, { url })).body).toMatchObject({ url, state: 'active' });
    const { reader } = parties;
    const shownTo = async (token: string) => {
      const one = await api.call('GET', `/v1/subscriptions/${id}`, { token });
      const list = await api.call('GET', '/v1/subscriptions', { token });
      expect(list.body.items.find((item: { id: string }) => item.id === id)?.url).toBe(one.body.url);
      return one.body.url;
    };
    for (const token of [await reader.userToken('developer'), await reader.apiKey(['read', 'manage'])]) {
      expect(await shownTo(token)).toBe(url);
    }
    for (const token of [await reader.userToken('viewer'), await reader.apiKey(['read'])]) {
      expect(await shownTo(token)).toBe(`${endpoint.url}/hook?token=***&***`);
    }
  });
});

describe('the secret', () => {
  async function secretOf(id: string, token = parties.reader.token) {
    return api.call('GET', `/v1/subscriptions/${id}/secret`, { token });
  }

  it('is shown at creation and by its own address, and nowhere else', async () => {
    const { id, secret } = await subscribed();
    const shown = await secretOf(id);
    expect(shown.body).toEqual({ secret, previousSecretUntil: null, previousSecrets: [] });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const list = await api.call('GET', '/v1/subscriptions', { token: parties.reader.token });
    expect(JSON.stringify([await read(id), list.body])).not.toContain('whsec_');
    expect((await patch(id, { description: 'x' })).body).not.toHaveProperty('secret');
  });

  it('signs beside the new one while the grace lasts', async () => {
    const { id, secret, endpoint } = await subscribed();
    const rotated = await act(id, 'rotate-secret', { graceSeconds: 60 });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    expect(Date.parse(rotated.body.previousSecretUntil) - Date.now()).toBeGreaterThan(50_000);
    await act(id, 'test');
    const [event] = await endpoint.waitFor(1);
    if (event === undefined) throw new Error('no event came');
    expect(String(event.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const one of [secret, rotated.body.secret]) {
      new Webhook(one).verify(event.rawBody, headersOf(event));
      new SvixWebhook(one).verify(event.rawBody, headersOf(event));
    }
    expect((await secretOf(id)).body).toEqual(rotated.body);
  });

  it('may be brought along, for an endpoint that knows it already', async () => {
    const own = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { id, secret, endpoint } = await subscribed({ secret: own });
    expect([secret, (await secretOf(id)).body.secret]).toEqual([own, own]);
    const [challenge] = endpoint.challenges;
    if (challenge === undefined) throw new Error('no challenge came');
    new Webhook(own).verify(challenge.rawBody, headersOf(challenge));
  });

  it.each([
    ['without its prefix', Buffer.alloc(24, 7).toString('base64')],
    ['of 23 bytes', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
    ['of 65 bytes', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
    ['that is no base64', `whsec_${'ключ'.repeat(8)}`],
    ['cut off', `whsec_${'A'.repeat(33)}`],
  ])('is refused %s', async (_, secret) => {
    const body = { topicId: await parties.grantedTopic(), url: 'https://endpoint.example/', secret };
    const answer = await api.call('POST', '/v1/subscriptions', { token: parties.reader.token, body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'secret' }] } });
    expect(JSON.stringify(answer.body)).not.toContain(secret);
  });

  it('keeps its promised grace whatever is rotated after it, and is shown with its end', async () => {
    const { id, secret, endpoint } = await subscribed();
    const rotations = await Promise.all(
      [3600, 60, 600].map((graceSeconds) => act(id, 'rotate-secret', { graceSeconds })),
    );
    const all = [secret, ...rotations.map(({ body }) => body.secret as string)];
    const shown = (await secretOf(id)).body;
    const earlier: { secret: string; until: string }[] = shown.previousSecrets;
    expect([shown.secret, ...earlier.map((each) => each.secret)].sort()).toEqual(all.sort());
    const left = earlier.map(({ until }) => Math.round((Date.parse(until) - Date.now()) / 60_000));
    expect(left.sort((a, b) => a - b)).toEqual([1, 10, 60]);
    expect(shown.previousSecretUntil).toBe(earlier[0]?.until);
    await act(id, 'test');
    const [event] = await endpoint.waitFor(1);
    if (event === undefined) throw new Error('no event came');
    for (const one of all) new Webhook(one).verify(event.rawBody, headersOf(event));
  });

  it('is not rotated while five earlier ones sign, unless that ends all of them', async () => {
    const { id } = await subscribed();
    for (let n = 0; n < 5; n += 1) expect((await act(id, 'rotate-secret')).status).toBe(200);
    const before = (await secretOf(id)).body;
    expect(await act(id, 'rotate-secret')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await secretOf(id)).body).toEqual(before);
    expect((await act(id, 'rotate-secret', { graceSeconds: 0 })).body).toMatchObject({
      previousSecretUntil: null,
      previousSecrets: [],
    });
    expect((await act(id, 'rotate-secret')).status).toBe(200);
  });

  it('stops signing at once when there is no grace', async () => {
    const { id, secret, endpoint } = await subscribed();
    const rotated = await act(id, 'rotate-secret', { graceSeconds: 0 });
    expect(rotated.body.previousSecretUntil).toBeNull();
    await act(id, 'test');
    const [event] = await endpoint.waitFor(1);
    if (event === undefined) throw new Error('no event came');
    new Webhook(rotated.body.secret).verify(event.rawBody, headersOf(event));
    expect(() => new Webhook(secret).verify(event.rawBody, headersOf(event))).toThrow();
  });

  it('has a day of grace when nothing is said', async () => {
    const { id } = await subscribed();
    const { body } = await act(id, 'rotate-secret');
    expect(Date.parse(body.previousSecretUntil) - Date.now()).toBeGreaterThan(86_300_000);
    expect((await act(id, 'rotate-secret', { graceSeconds: -1 })).status).toBe(422);
  });
});

describe('listing and deleting', () => {
  it('visits all subscriptions of a topic once, and no others', async () => {
    const { endpoint, topicId, id } = await subscribed();
    const second = await parties.subscribe(topicId, `${endpoint.url}/2`);
    const third = await parties.subscribe(topicId, `${endpoint.url}/3`);
    const visited: string[] = [];
    let cursor = '';
    do {
      const path = `/v1/subscriptions?topicId=${topicId}&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await api.call('GET', path, { token: parties.reader.token });
      visited.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    expect(visited.sort()).toEqual([id, second.id, third.id].sort());
    const foreign = await api.call('GET', '/v1/subscriptions', { token: parties.stranger.token });
    expect(foreign.body.items).toEqual([]);
  });

  it('deletes once', async () => {
    const { id } = await subscribed();
    const remove = () => api.call('DELETE', `/v1/subscriptions/${id}`, { token: parties.reader.token });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await act(id, 'resume')).status).toBe(404);
  });
});

describe('who may do what', () => {
  const actions = ['verify', 'pause', 'resume', 'test', 'rotate-secret', 'redrive'];

  it('does not exist for other partners, the owner of the topic included', async () => {
    const { id } = await subscribed();
    for (const { token } of [parties.stranger, parties.owner]) {
      const answers = await Promise.all([
        api.call('GET', `/v1/subscriptions/${id}`, { token }),
        api.call('GET', `/v1/subscriptions/${id}/secret`, { token }),
        api.call('PATCH', `/v1/subscriptions/${id}`, { token, body: { description: 'x' } }),
        api.call('DELETE', `/v1/subscriptions/${id}`, { token }),
        ...actions.map((action) => act(id, action, undefined, token)),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 404));
    }
    expect((await read(id)).state).toBe('active');
  });

  it('lets a developer do all of it and a viewer only look', async () => {
    const { id, topicId, endpoint } = await subscribed();
    const viewer = await parties.reader.userToken('viewer');
    const developer = await parties.reader.userToken('developer');
    const get = (token: string, path = '') => api.call('GET', `/v1/subscriptions/${id}${path}`, { token });
    expect((await get(viewer)).status).toBe(200);
    const denied = await Promise.all([
      get(viewer, '/secret'),
      api.call('POST', '/v1/subscriptions', { token: viewer, body: { topicId, url: endpoint.url } }),
      api.call('PATCH', `/v1/subscriptions/${id}`, { token: viewer, body: { description: 'x' } }),
      api.call('DELETE', `/v1/subscriptions/${id}`, { token: viewer }),
      ...actions.map((action) => act(id, action, undefined, viewer)),
    ]);
    expect(denied.map((answer) => answer.status)).toEqual(denied.map(() => 403));
    expect((await get(developer, '/secret')).status).toBe(200);
    expect((await act(id, 'pause', undefined, developer)).status).toBe(200);
    const { url } = endpoint;
    const created = await api.call('POST', '/v1/subscriptions', { token: developer, body: { topicId, url } });
    expect(created.status).toBe(201);
  });

  it('asks an API key for its scope', async () => {
    const { id } = await subscribed();
    const [reading, managing] = [
      await parties.reader.apiKey(['read']),
      await parties.reader.apiKey(['manage']),
    ];
    const secret = (token: string) => api.call('GET', `/v1/subscriptions/${id}/secret`, { token });
    expect((await api.call('GET', `/v1/subscriptions/${id}`, { token: reading })).status).toBe(200);
    expect((await secret(reading)).status).toBe(403);
    expect((await act(id, 'pause', undefined, reading)).status).toBe(403);
    expect((await act(id, 'pause', undefined, managing)).status).toBe(200);
  });

  it.each(['not-an-id', 'top_0123456789abcdef', `sub_${'0'.repeat(26)}`])(
    'has no subscription %s',
    async (id) => {
      expect((await api.call('GET', `/v1/subscriptions/${id}`, { token: parties.reader.token })).status).toBe(
        404,
      );
    },
  );
});

describe('signatures with the key of the installation', () => {
  const isVerified = async ({ headers, rawBody }: { headers: object; rawBody: string }) => {
    const { status, body } = await api.call('GET', '/.well-known/anika-webhook-keys.json');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('"d"');
    const sent = headersOf({ headers });
    const signatures = sent['webhook-signature']?.split(' ') ?? [];
    expect(signatures.every((one) => one.startsWith('v1a,'))).toBe(true);
    const content = `${sent['webhook-id']}.${sent['webhook-timestamp']}.${rawBody}`;
    return body.keys.every((key: object) =>
      signatures.some((one) =>
        verify(
          null,
          Buffer.from(content),
          createPublicKey({ key: { ...key }, format: 'jwk' }),
          Buffer.from(one.slice(4), 'base64'),
        ),
      ),
    );
  };

  it('are on nothing that a publisher alone has written: CloudEvents’ binary form is refused with them', async () => {
    const refused = { status: 422, body: { errors: [{ path: 'format' }] } };
    const form = { signature: 'ed25519', format: 'cloudevents-binary' };
    const signed = await subscribed({ signature: 'ed25519' });
    const body = { topicId: signed.topicId, url: signed.endpoint.url, ...form };
    const fresh = await api.call('POST', '/v1/subscriptions', { token: parties.reader.token, body });
    expect(fresh).toMatchObject(refused);
    expect(await patch(signed.id, { format: 'cloudevents-binary' })).toMatchObject(refused);
    const binary = await subscribed({ format: 'cloudevents-binary' });
    expect(await patch(binary.id, { signature: 'ed25519' })).toMatchObject(refused);
    expect(await read(signed.id)).toMatchObject({ format: 'anika' });
  });

  it('are on everything that is sent, from the challenge on, for who asks for them', async () => {
    const { id, endpoint } = await subscribed({ signature: 'ed25519' });
    expect(await read(id)).toMatchObject({ signature: 'ed25519', state: 'active' });
    await act(id, 'test');
    const [event] = await endpoint.waitFor(1);
    for (const request of [endpoint.challenges[0], event]) {
      if (request === undefined) throw new Error('nothing came');
      expect(await isVerified(request)).toBe(true);
      expect(await isVerified({ ...request, rawBody: `${request.rawBody} ` })).toBe(false);
    }
  });

  it('are chosen with a change too, and no other is known', async () => {
    const { id, endpoint, secret } = await subscribed();
    expect(await read(id)).toMatchObject({ signature: 'hmac' });
    expect(await patch(id, { signature: 'ed25519' })).toMatchObject({ body: { signature: 'ed25519' } });
    await act(id, 'test');
    expect(await patch(id, { signature: 'hmac' })).toMatchObject({ body: { signature: 'hmac' } });
    await act(id, 'test');
    const [asymmetric, symmetric] = await endpoint.waitFor(2);
    if (asymmetric === undefined || symmetric === undefined) throw new Error('nothing came');
    expect(await isVerified(asymmetric)).toBe(true);
    new Webhook(secret).verify(symmetric.rawBody, headersOf(symmetric));
    for (const signature of ['v1a', 'none', null, '']) {
      expect(await patch(id, { signature })).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'signature' }] },
      });
    }
  });
});

describe('CloudEvents', () => {
  it.each(['cloudevents-structured', 'cloudevents-binary'] as const)('%s come signed', async (format) => {
    const { id, endpoint, secret } = await subscribed();
    expect(await patch(id, { format })).toMatchObject({ body: { format, state: 'active' } });
    await act(id, 'test');
    const [event] = await endpoint.waitFor(1);
    if (event === undefined) throw new Error('nothing came');
    new Webhook(secret).verify(event.rawBody, headersOf(event));
    const found = HTTP.toEvent({ headers: headersOf(event), body: event.rawBody });
    expect(found).toMatchObject({
      type: 'anika.endpoint.test',
      data: { test: true },
      id: headersOf(event)['webhook-id'],
    });
  });

  it('are chosen with a change too, and no other form is known', async () => {
    const { id } = await subscribed();
    expect(await read(id)).toMatchObject({ format: 'anika' });
    expect(await patch(id, { format: 'cloudevents-binary' })).toMatchObject({
      body: { format: 'cloudevents-binary' },
    });
    expect(await patch(id, { format: 'xml' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'format' }] },
    });
  });
});
