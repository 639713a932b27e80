import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { loopbackUrls } from '@anika/testkit/loopback-urls';
import { startReceiver } from '@anika/testkit/receiver';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

// Nothing may connect to it: whoever reaches a server of this machine can reach the stores and the metadata service.
/** A hundred addresses, each through the whole API, on a busy machine. */
const SLOW_MS = 120_000;

let canaries: Server[];
let port: number;
const visits: string[] = [];

let api: TestApi;
let parties: Parties;
let topicId: string;

beforeAll(async () => {
  canaries = await listenOnLoopback();
  api = await startTestApi({ ANIKA_EGRESS_ALLOW: '' });
  parties = await openParties(api);
  topicId = await parties.grantedTopic();
});
afterAll(async () => {
  await api.close();
  for (const canary of canaries) canary.close();
});

/** On one port of IPv4 and, where the machine has it, of IPv6. */
async function listenOnLoopback(): Promise<Server[]> {
  const listen = async (host: string, at: number) => {
    const server = createServer((socket) => {
      visits.push(`${host}: ${socket.remoteAddress}`);
      socket.destroy();
    });
    await once(server.listen(at, host), 'listening');
    return server;
  };
  const first = await listen('127.0.0.1', 0);
  const address = first.address();
  port = address !== null && typeof address === 'object' ? address.port : 0;
  return [
    first,
    ...(await listen('::1', port).then(
      (server) => [server],
      () => [],
    )),
  ];
}

/** A name that no DNS knows: it passes the rules for URLs, and nothing answers the challenge. */
const NOWHERE = 'https://hooks.example.invalid/';

const urlsInStore = () =>
  withClient(api.databases.databaseUrl, async (client) => {
    const { rows } = await client.query<{ url: string }>('select url from subscriptions order by id');
    return rows.map(({ url }) => url);
  });

function expectRefused(
  answer: { status: number; body: { code: string; errors: object[] } },
  url: string,
): void {
  expect(answer.status, url).toBe(422);
  expect(['endpoint-refused', 'validation-failed'], url).toContain(answer.body.code);
  const why = { path: 'url', message: expect.stringMatching(/\w{3}/) };
  expect(answer.body.errors, url).toContainEqual(expect.objectContaining(why));
}

describe('without an allow list', () => {
  it('no spelling of an address of this machine becomes an endpoint, new or changed, and each is told why', async () => {
    const { token } = parties.reader;
    const { id } = await parties.subscribe(topicId, NOWHERE);
    const before = await urlsInStore();
    const urls = loopbackUrls(port);
    for (const url of urls) {
      expectRefused(await api.call('POST', '/v1/subscriptions', { token, body: { topicId, url } }), url);
      expectRefused(await api.call('PATCH', `/v1/subscriptions/${id}`, { token, body: { url } }), url);
    }
    expect(urls.length).toBeGreaterThan(160);
    expect(await urlsInStore()).toEqual(before);
    expect(visits).toEqual([]);
  });

  it('what came into the store some other way is not connected to either', { timeout: SLOW_MS }, async () => {
    const { token } = parties.reader;
    const { id } = await parties.subscribe(topicId, NOWHERE);
    const act = (action: string) => api.call('POST', `/v1/subscriptions/${id}/${action}`, { token });
    for (const url of loopbackUrls(port).filter((text) => !text.includes('\u0000'))) {
      await withClient(api.databases.databaseUrl, (client) =>
        client.query('update subscriptions set url = $1, verified_url = $1 where id = $2', [url, id]),
      );
      const verified = await act('verify');
      expect(verified, url).toMatchObject({
        status: 200,
        body: { state: 'pending', stateReason: expect.stringMatching(/^challenge failed: not sent: ./) },
      });
      const tested = await act('test');
      expect(tested, url).toMatchObject({ status: 200, body: { delivered: false, status: null } });
      expect(tested.body.error, url).toMatch(/^not sent: ./);
    }
    expect(visits).toEqual([]);
  });
});

describe('an endpoint that is allowed', () => {
  it.each([301, 302, 303, 305, 307, 308])('leads nowhere else with a %i', async (status) => {
    const targets = loopbackUrls(port).filter((url) => /^[\x21-\x7e]{1,2000}$/.test(url));
    let next = 0;
    const redirect = () => {
      const location = targets[next++ % targets.length] ?? '';
      return {
        status,
        headers: { location, refresh: `0; url=${location}`, 'alt-svc': `h2="127.0.0.1:${port}"` },
      };
    };
    let isAgreed = false;
    const endpoint = await startReceiver({
      respond: redirect,
      respondToChallenge: ({ body }) =>
        isAgreed ? { status: 200, body: JSON.stringify((body as { data: unknown }).data) } : redirect(),
    });
    const other = await startTestApi({ ANIKA_EGRESS_ALLOW: new URL(endpoint.url).host });
    onTestFinished(async () => {
      await endpoint.close();
      await other.close();
    });
    const theirs = await openParties(other);
    const made = await theirs.subscribe(await theirs.grantedTopic(), endpoint.url);
    expect(made.state).toBe('pending');
    expect(made.stateReason).toContain(String(status));
    const { token } = theirs.reader;
    isAgreed = true;
    await other.call('POST', `/v1/subscriptions/${made.id}/verify`, { token });
    const tested = await other.call('POST', `/v1/subscriptions/${made.id}/test`, { token });
    expect(tested.body).toMatchObject({ delivered: false, status });
    expect(endpoint.received.length + endpoint.challenges.length).toBe(3);
    expect(visits).toEqual([]);
  });
});
