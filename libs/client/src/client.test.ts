import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { exportAudit } from '@anika/contracts/audit';
import { deleteGrant } from '@anika/contracts/grants';
import { searchMessages } from '@anika/contracts/messages';
import { publishMessage } from '@anika/contracts/publish';
import { createTopic, getTopic } from '@anika/contracts/topics';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { createClient, nameOf, required, UnexpectedAnswer } from './client.ts';

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

let server: Server;
let baseUrl = '';
let seen: Seen;
let answer: { status: number; body: string; headers?: Record<string, string> };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

const PROBLEM = {
  type: 'urn:anika:error:not-found',
  title: 'Not found',
  status: 404,
  detail: 'There is no such topic',
  code: 'not-found',
  requestId: 'r1',
};

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

it('required() is the data, or an error that names the problem', async () => {
  answer = { status: 200, body: '{"items":[],"nextCursor":null}' };
  expect(required(await createClient({ baseUrl }).call(searchMessages)).items).toEqual([]);
  answer = { status: 404, body: JSON.stringify(PROBLEM) };
  const refused = await createClient({ baseUrl }).call(getTopic, { params: { id: 'top_1' } });
  expect(() => required(refused)).toThrow('404 not-found: There is no such topic');
});

it('nameOf() is what the documents call a route', () => {
  expect(nameOf(deleteGrant)).toBe('DELETE /v1/topics/{id}/grants/{partnerId}');
});
