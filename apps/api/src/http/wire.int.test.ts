import { FAILURES } from '@anika/core/failures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawAnswer, sendRaw } from '../testing/raw-request.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let partner: TestPartner;
let topicId: string;

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner();
  const { body } = await api.call('POST', '/v1/topics', { token: partner.token, body: { name: 'wire' } });
  topicId = body.id;
});
afterAll(() => api.close());

const bearer = () => `Authorization: Bearer ${partner.token}`;

function lines(...all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n\r\n`;
}

function publish(target: string, ...headers: readonly string[]): string {
  const body = '{"type":"car.chosen","data":{"модель":"Волга"}}';
  const json = headers.some((one) => /^content-type/i.test(one)) ? [] : ['Content-Type: application/json'];
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return (
    lines(
      `POST ${target} HTTP/1.1`,
      'Host: anika',
      bearer(),
      ...json,
      length,
      'Connection: close',
      ...headers,
    ) + body
  );
}

function expectProblem(answer: RawAnswer, status: number, code: keyof typeof FAILURES): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['x-request-id']).toMatch(/^.{8,128}$/);
  expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.text));
  expect(JSON.parse(answer.text)).toEqual({
    type: `urn:anika:error:${code}`,
    title: FAILURES[code].title,
    status,
    detail: expect.any(String),
    code,
    requestId: answer.headers['x-request-id'],
  });
}

describe('a target that is a whole URL', () => {
  it.each(['http://anika', 'https://other.example:8443', 'HTTP://anika'])(
    'of %s is served',
    async (origin) => {
      const list = lines(
        `GET ${origin}/v1/topics?limit=1 HTTP/1.1`,
        'Host: anika',
        bearer(),
        'Connection: close',
      );
      expect(await sendRaw(api.url, list)).toMatchObject({ status: 200 });
      expect(await sendRaw(api.url, publish(`${origin}/v1/topics/${topicId}/messages`))).toMatchObject({
        status: 202,
      });
    },
  );

  it.each([
    ['/healthz', 200],
    ['/docs', 200],
    ['/admin/login', 200],
    ['/v1/nothing', 404],
    ['', 303], // to the console
    ['?q=1', 303],
  ])('with the path %s is answered with %d', async (path, status) => {
    const request = lines(`GET http://anika${path} HTTP/1.1`, 'Host: anika', 'Connection: close');
    expect((await sendRaw(api.url, request)).status).toBe(status);
  });
});

describe('a charset that JSON has no use for', () => {
  it.each([
    'application/json; charset=utf8',
    'application/json; charset=us-ascii',
    'application/json;charset="UTF8"',
    'Application/JSON; charset=UTF-8; profile=x',
    'application/json',
  ])('is taken: %s', async (type) => {
    const request = publish(`/v1/topics/${topicId}/messages`, `Content-Type: ${type}`);
    expect((await sendRaw(api.url, request)).status).toBe(202);
  });

  it.each([
    'application/json; charset=windows-1251',
    'application/json; charset=utf-16',
    'application/json; charset=',
    'text/json',
  ])('is refused where it tells of other bytes: %s', async (type) => {
    const answer = await sendRaw(api.url, publish(`/v1/topics/${topicId}/messages`, `Content-Type: ${type}`));
    expectProblem(answer, 415, 'unsupported-media-type');
    expect(answer.headers.accept).toBe('application/json, application/cloudevents+json');
  });

  it('a compressed body is answered with what is taken', async () => {
    for (const encoding of ['gzip', 'br', 'gzip, gzip']) {
      const request = publish(`/v1/topics/${topicId}/messages`, `Content-Encoding: ${encoding}`);
      const answer = await sendRaw(api.url, request);
      expectProblem(answer, 415, 'unsupported-media-type');
      expect(answer.headers['accept-encoding']).toBe('identity');
    }
  });
});

describe('a client that closes its half after the request', () => {
  it('gets its 202 every time', async () => {
    const request = publish(`/v1/topics/${topicId}/messages`).replace('Connection: close\r\n', '');
    for (let n = 0; n < 30; n += 1) {
      const { status, text } = await sendRaw(api.url, request, { halfClose: true });
      expect(status, text).toBe(202);
    }
  });

  it('gets what it asked for in one go', async () => {
    const get = lines('GET /healthz HTTP/1.1', 'Host: anika');
    const { text } = await sendRaw(api.url, get + get + get, { halfClose: true });
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it('in the middle of the request is told so', async () => {
    const cut = publish(`/v1/topics/${topicId}/messages`).slice(0, -5);
    expectProblem(await sendRaw(api.url, cut, { halfClose: true }), 400, 'bad-request');
    const headers = 'GET /v1/topics HTTP/1.1\r\nHost: ani';
    expectProblem(await sendRaw(api.url, headers, { halfClose: true }), 400, 'bad-request');
  });
});

describe('what is refused before there is a request', () => {
  const host = 'Host: anika';
  it.each([
    ['a method that is none', lines('BREW /coffee HTTP/1.1', host)],
    ['a version that is none', lines('GET / HTTP/3.7', host)],
    ['a header without a name', lines('GET / HTTP/1.1', host, ': x')],
    ['a space in the target', lines('GET /v1/to pics HTTP/1.1', host)],
    ['two lengths', lines('POST / HTTP/1.1', host, 'Content-Length: 1', 'Content-Length: 2')],
    [
      'a length and chunks',
      lines('POST / HTTP/1.1', host, 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    ],
    ['a length that is none', lines('POST / HTTP/1.1', host, 'Content-Length: 0x1')],
    ['no host', lines('GET /healthz HTTP/1.1')],
    ['two hosts', lines('GET /healthz HTTP/1.1', host, 'Host: other')],
    ['two credentials', lines('GET /v1/topics HTTP/1.1', host, 'Authorization: a', 'Authorization: b')],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])],
  ])('is a problem document with a request id: %s', async (_what, request) => {
    expectProblem(await sendRaw(api.url, request), 400, 'bad-request');
  });

  it('two idempotency keys are not one', async () => {
    const target = `/v1/topics/${topicId}/messages`;
    const request = publish(target, 'Idempotency-Key: k1', 'Idempotency-Key: k2');
    expectProblem(await sendRaw(api.url, request), 400, 'bad-request');
  });

  it.each(['/v1/messages?q=веста', '/v1/topics/тема', '/v1/messages?q=\u00e9'])(
    'characters that must be percent-encoded are named: %s',
    async (target) => {
      const answer = await sendRaw(api.url, lines(`GET ${target} HTTP/1.1`, host, bearer()));
      expectProblem(answer, 400, 'bad-request');
      expect(answer.text).toContain('percent-encoded');
    },
  );

  it('headers that are too large say how large they may be', async () => {
    for (const request of [
      lines('GET / HTTP/1.1', host, `X: ${'y'.repeat(120_000)}`),
      lines(`GET /${'y'.repeat(120_000)} HTTP/1.1`, host),
    ]) {
      const answer = await sendRaw(api.url, request);
      expectProblem(answer, 431, 'headers-too-large');
      expect(answer.text).toContain('98304 bytes');
    }
  });

  it('an expectation that is not met', async () => {
    const request = lines(
      'GET /healthz HTTP/1.1',
      host,
      'Expect: 200-ok',
      'X-Request-Id: ours-1234',
      'Connection: close',
    );
    const answer = await sendRaw(api.url, request);
    expectProblem(answer, 417, 'expectation-failed');
    expect(answer.headers['x-request-id']).toBe('ours-1234');
  });

  it('a body of broken chunks gets the id of its request', async () => {
    const head = lines(
      `POST /v1/topics/${topicId}/messages HTTP/1.1`,
      host,
      bearer(),
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'X-Request-Id: ours-5678',
    );
    const answer = await sendRaw(api.url, `${head}zz\r\n`);
    expectProblem(answer, 400, 'bad-request');
    expect(answer.headers['x-request-id']).toBe('ours-5678');
  });
});

describe('what is left of one request', () => {
  it('does not take the answer from the one before', async () => {
    const request = publish(`/v1/topics/${topicId}/messages`).replace('Connection: close\r\n', '');
    const answer = await sendRaw(api.url, `${request}nonsense\r\n\r\n`);
    expect(answer.status).toBe(202);
  });
});
