import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { exportAudit } from '@anika/contracts/audit';
import { deleteGrant, listTopicGrants, putGrant } from '@anika/contracts/grants';
import { searchMessages } from '@anika/contracts/messages';
import { publishMessage } from '@anika/contracts/publish';
import { stream } from '@anika/contracts/stream';
import { createTopic, getTopic } from '@anika/contracts/topics';
import { parseExact, writeExact } from '@anika/core/exact-json';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { nameOf, ProblemError, UnexpectedAnswer } from './answer.ts';
import { type Client, createClient } from './client.ts';

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

let server: Server;
let baseUrl = '';
let seen: Seen;
type Answer = { status: number; body: string; headers?: Record<string, string> };
let answer: Answer;
/** What comes before `answer`, one for each request: an answer, a connection that is cut, one on which nothing comes. */
let answers: (Answer | 'none' | 'hanging')[] = [];
let requests: string[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    requests.push(`${seen.method} ${seen.url} ${request.headers['idempotency-key'] ?? ''}`.trim());
    const next = answers.shift() ?? answer;
    if (next === 'none') response.destroy();
    else if (next !== 'hanging') response.writeHead(next.status, next.headers).end(next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  baseUrl = `http://127.0.0.1:${address.port}`;
});
beforeEach(() => {
  answers = [];
  requests = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const PROBLEM = {
  type: 'urn:anika:error:not-found',
  title: 'Not found',
  status: 404,
  detail: 'There is no such topic',
  code: 'not-found',
  requestId: 'r1',
};

const GRANT = `{"id":"grt_1","topicId":"top_1","partnerId":"par_1","state":"active","version":1,"purpose":null,
"fields":null,"types":[],"filter":null,"history":true,"createdAt":"2026-01-01T00:00:00.000Z",
"updatedAt":"2026-01-01T00:00:00.000Z","expiresAt":null,"revokedAt":null,"revokedBy":null}`;

describe('call()', () => {
  it('puts params into the path, whatever they hold, and query, body, key and credential where they belong', async () => {
    answer = {
      status: 202,
      body: '{"id":"msg_1","topicId":"top_1","type":"car.chosen","acceptedAt":"2026-01-01T00:00:00.000Z"}',
    };
    const client = createClient({ baseUrl: `${baseUrl}/`, credential: 'ank_1' });
    const published = await client.call(publishMessage, {
      params: { id: 'a/../b?c' },
      body: { type: 'car.chosen', data: { n: 1 } },
      idempotencyKey: 'order-1',
    });
    expect([seen.method, seen.url]).toEqual(['POST', '/v1/topics/a%2F..%2Fb%3Fc/messages']);
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer ank_1',
      'content-type': 'application/json',
      'idempotency-key': 'order-1',
    });
    expect(JSON.parse(seen.body)).toEqual({ type: 'car.chosen', data: { n: 1 } });
    expect(published).toMatchObject({ ok: true, status: 202, data: { id: 'msg_1' } });
    if (published.ok) expectTypeOf(published.data.id).toEqualTypeOf<string>();

    answer = { status: 200, body: '{"items":[],"nextCursor":null}' };
    await client.call(searchMessages, { query: { q: 'Веста & Co', limit: 5 } });
    expect(new URL(seen.url, baseUrl).searchParams).toEqual(
      new URLSearchParams({ q: 'Веста & Co', limit: '5' }),
    );
    await client.call(searchMessages);
    expect([seen.url, seen.body, seen.headers['content-type']]).toEqual(['/v1/messages', '', undefined]);
  });

  it('sends the token of a browser session with what changes something, and with nothing else', async () => {
    answer = { status: 204, body: '' };
    let token: string | undefined;
    const client = createClient({ baseUrl, csrfToken: () => token });
    const params = { id: 'top_1', partnerId: 'par_1' };
    await client.call(deleteGrant, { params });
    expect(seen.headers['anika-csrf']).toBeUndefined();
    token = 'token-1';
    await client.call(deleteGrant, { params });
    expect(seen.headers['anika-csrf']).toBe('token-1');
    expect(seen.headers.authorization).toBeUndefined();
    answer = { status: 200, body: '' };
    await client.call(exportAudit, {});
    expect(seen.headers['anika-csrf']).toBeUndefined();
  });

  it('does not compile without what the route needs, nor with what it does not take', () => {
    const { call } = createClient({ baseUrl });
    const never = async () => {
      // @ts-expect-error the topic is missing
      await call(getTopic);
      // @ts-expect-error the name is missing
      await call(createTopic, { body: {} });
      // @ts-expect-error the route has no body
      await call(getTopic, { params: { id: 'top_1' }, body: {} });
      // @ts-expect-error it has another parameter, too
      await call(deleteGrant, { params: { id: 'top_1' } });
    };
    expect(never).toBeTypeOf('function');
  });

  it('gives a refusal as the problem it is', async () => {
    answer = { status: 404, body: JSON.stringify(PROBLEM), headers: { 'retry-after': '2' } };
    const refused = await createClient({ baseUrl }).call(getTopic, { params: { id: 'top_1' } });
    expect(refused).toMatchObject({ ok: false, status: 404, problem: PROBLEM });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(seen.headers.authorization).toBeUndefined();
  });

  it('gives text where the contract has no schema', async () => {
    answer = { status: 200, body: '{"seq":1}\n{"seq":2}\n' };
    expect(await createClient({ baseUrl }).call(exportAudit)).toMatchObject({ ok: true, text: answer.body });
    answer = { status: 204, body: '' };
    const params = { id: 'top_1', partnerId: 'par_1' };
    expect(await createClient({ baseUrl }).call(deleteGrant, { params })).toMatchObject({
      ok: true,
      text: '',
    });
  });

  it.each([
    ['a success of another shape', 200, '{"name":1}'],
    ['a success that is no JSON', 200, '<html>'],
    ["a proxy's error page", 502, '<html>Bad gateway</html>'],
    ['an error that is no problem', 500, '{"message":"no"}'],
  ])('throws on %s, and keeps what came', async (_case, status, body) => {
    answer = { status, body };
    const asked = createClient({ baseUrl }).call(getTopic, { params: { id: 'top_1' } });
    await expect(asked).rejects.toThrow(UnexpectedAnswer);
    await expect(asked).rejects.toMatchObject({ status, text: body });
  });

  it('reads numbers as it is told to, and sends them as they came', async () => {
    const filter = '{"data.sum":12345678901234567890}';
    answer = {
      status: 200,
      body: `{"items":[${GRANT.replace('"filter":null', `"filter":${filter}`)}],"nextCursor":null}`,
    };
    const call = { params: { id: 'top_1' } };
    const [doubles] = (await createClient({ baseUrl }).ask(listTopicGrants, call)).items;
    expect(JSON.stringify(doubles?.filter)).toBe('{"data.sum":12345678901234567000}');
    const client = createClient({ baseUrl, readJson: parseExact });
    const [exact] = (await client.ask(listTopicGrants, call)).items;
    expect(writeExact(exact?.filter)).toBe(filter);
    answer = { status: 200, body: GRANT.replace(/\}$/, ',"warnings":[]}') };
    const params = { id: 'top_1', partnerId: 'par_1' };
    await client.ask(putGrant, { params, body: { filter: exact?.filter ?? null } });
    expect(seen.body).toBe(`{"filter":${filter}}`);
  });

  it('follows no redirect: the credential is for this address alone', async () => {
    answer = { status: 307, body: '', headers: { location: `${baseUrl}/elsewhere` } };
    const asked = createClient({ baseUrl, credential: 'secret' }).call(getTopic, { params: { id: 'top_1' } });
    await expect(asked).rejects.toThrow();
    expect(seen.url).toBe('/v1/topics/top_1');
  });

  it('ends with its own signal and with that of the client', async () => {
    const call = { params: { id: 'top_1' } };
    const ended = AbortSignal.abort();
    await expect(createClient({ baseUrl, signal: ended }).call(getTopic, call)).rejects.toThrow(/abort/);
    await expect(createClient({ baseUrl }).call(getTopic, { ...call, signal: ended })).rejects.toThrow(
      /abort/,
    );
  });
});

it('as() is the same API with another credential', async () => {
  answer = { status: 200, body: '{"items":[],"nextCursor":null}' };
  await createClient({ baseUrl, credential: 'one' }).as('two').call(searchMessages);
  expect(seen.headers.authorization).toBe('Bearer two');
});

describe('ask()', () => {
  it('is the data, or throws the problem', async () => {
    answer = { status: 200, body: '{"items":[],"nextCursor":null}' };
    expect((await createClient({ baseUrl }).ask(searchMessages)).items).toEqual([]);
    answer = { status: 404, body: JSON.stringify(PROBLEM) };
    const refused = createClient({ baseUrl }).ask(getTopic, { params: { id: 'top_1' } });
    await expect(refused).rejects.toThrow(ProblemError);
    await expect(refused).rejects.toMatchObject({
      status: 404,
      code: 'not-found',
      problem: PROBLEM,
      message: 'GET /v1/topics/{id} answered 404 not-found: There is no such topic',
    });
  });
});

describe('tries', () => {
  const away = { status: 503, body: JSON.stringify({ ...PROBLEM, status: 503, code: 'unavailable' }) };
  const accepted = {
    status: 202,
    body: '{"id":"msg_1","topicId":"top_1","type":"t","acceptedAt":"2026-01-01T00:00:00.000Z"}',
  };
  const message = { params: { id: 'top_1' }, body: { type: 't', data: 1 } };
  const patient = () => createClient({ baseUrl, tries: 3, firstWaitMs: 1 });

  it.each([
    ['it may succeed later by its code', away],
    ['a gateway answers for an API that is away', { status: 502, body: '<html>' }],
  ])('sends a message again with its key while %s', async (_case, first) => {
    answers = [first, first, accepted];
    const sent = await patient().ask(publishMessage, { ...message, idempotencyKey: 'order-1' });
    expect(sent.id).toBe('msg_1');
    expect(requests).toEqual(Array(3).fill('POST /v1/topics/top_1/messages order-1'));
  });

  it('sends again what had no answer', async () => {
    answers = ['none', { status: 200, body: '{"items":[],"nextCursor":null}' }];
    await patient().ask(searchMessages);
    expect(requests).toHaveLength(2);
  });

  it('gives the last answer when none was better', async () => {
    answers = [away, away, away, accepted];
    await expect(patient().ask(getTopic, { params: { id: 'top_1' } })).rejects.toThrow('503 unavailable');
    expect(requests).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    answers = [
      { ...away, headers: { 'retry-after': '1' } },
      { status: 200, body: '{"items":[],"nextCursor":null}' },
    ];
    const startedMs = performance.now();
    await patient().ask(searchMessages);
    expect(performance.now() - startedMs).toBeGreaterThan(990);
  });

  it.each([
    ['a message without a key', publishMessage, message],
    [
      'a POST that reads no key, though one is given',
      createTopic,
      { body: { name: 'x' }, idempotencyKey: 'k' },
    ],
    ['a DELETE', deleteGrant, { params: { id: 'top_1', partnerId: 'par_1' } }],
  ] as const)('sends once: %s', async (_case, route, call) => {
    answers = [away, accepted];
    const ask: Client['call'] = patient().call;
    expect(await ask<z.ZodType, z.ZodType, z.ZodType, z.ZodType>(route, call)).toMatchObject({ status: 503 });
    expect(requests).toHaveLength(1);
  });

  it('sends once what is refused for good, and what is answered in another shape', async () => {
    answers = [{ status: 404, body: JSON.stringify(PROBLEM) }];
    await expect(patient().ask(searchMessages)).rejects.toThrow('404');
    answers = [{ status: 200, body: '{}' }];
    await expect(patient().ask(searchMessages)).rejects.toThrow(UnexpectedAnswer);
    expect(requests).toHaveLength(2);
  });

  it('ends with its signal while it waits', async () => {
    answers = [{ ...away, headers: { 'retry-after': '60' } }];
    const ending = new AbortController();
    const asked = patient().ask(searchMessages, { signal: ending.signal });
    await expect.poll(() => requests.length).toBe(1);
    setTimeout(() => ending.abort(new Error('over')), 10);
    await expect(asked).rejects.toThrow('over');
  });
});

it('a request ends after timeoutMs', async () => {
  answers = ['hanging'];
  await expect(createClient({ baseUrl, timeoutMs: 20 }).ask(searchMessages)).rejects.toThrow(/timeout/);
});

describe('follow()', () => {
  it('gives the events of a stream as they come, and throws a refusal', async () => {
    answer = {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: ': hello\n\nid: 1\nevent: message\ndata: {"n":1}\n\nevent: end\ndata: {"reason":"time-over"}\n\n',
    };
    const events = await createClient({ baseUrl, credential: 'one' }).follow(stream, {
      query: { seconds: 1 },
    });
    expect(seen.url).toBe('/v1/stream?seconds=1');
    const came: unknown[] = [];
    for await (const event of events) came.push(event);
    expect(came).toEqual([
      { id: '1', event: 'message', data: '{"n":1}' },
      { id: '1', event: 'end', data: '{"reason":"time-over"}' },
    ]);
    answer = { status: 404, body: JSON.stringify(PROBLEM) };
    await expect(createClient({ baseUrl }).follow(stream)).rejects.toThrow(ProblemError);
  });
});

it('nameOf() is what the documents call a route', () => {
  expect(nameOf(deleteGrant)).toBe('DELETE /v1/topics/{id}/grants/{partnerId}');
});
