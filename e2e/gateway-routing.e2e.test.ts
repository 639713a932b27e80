import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { MODULES, type ModuleName } from '@anika/contracts/route';
import { FAILURES } from '@anika/core/failures';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STATUS_OF } from '../apps/api/src/http/problem.ts';
import { sendRaw } from '../apps/api/src/testing/raw-request.ts';
import { type Gateway, startGateway } from './support/nginx.ts';

type Seen = {
  readonly service: ModuleName;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

const GOOD = 'Bearer good';
const USER = { 'X-User-Id': 'usr_verified', 'X-Partner-Id': 'par_verified' };

let stubs: Record<ModuleName, Server>;
let gateway: Gateway;
/** What the services were asked for, the gateway's own questions apart. */
let seen: Seen[] = [];
/** What the auth service answers to the question about a credential it does not like. */
let refusal: { status: number; headers?: Record<string, string> } = { status: 401 };

const CHALLENGE = 'Bearer error="invalid_token", error_description="Expired"';
const GENERAL = 'Send a valid access token or API key as Authorization: Bearer <credential>';

async function startStub(service: ModuleName): Promise<Server> {
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req.setEncoding('utf8')) body += chunk;
    res.setHeader('X-Request-Id', req.headers['x-request-id'] ?? 'none');
    if (req.url === '/internal/auth/verify') {
      if (req.headers.authorization === GOOD) return res.writeHead(204, USER).end();
      const status = req.headers.authorization === undefined ? 401 : refusal.status;
      const headers = { 'Content-Type': 'application/problem+json', 'WWW-Authenticate': CHALLENGE };
      return res.writeHead(status, { ...headers, ...refusal.headers }).end();
    }
    seen.push({ service, method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
    res.writeHead(200, { 'Content-Type': 'application/json', 'X-Service': service }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

beforeAll(async () => {
  const [auth, topics, messages] = await Promise.all([
    startStub('auth'),
    startStub('topics'),
    startStub('messages'),
  ]);
  stubs = { auth, topics, messages };
  gateway = await startGateway({ auth: urlOf(auth), topics: urlOf(topics), messages: urlOf(messages) });
});

beforeEach(() => {
  seen = [];
  refusal = { status: 401 };
});

afterAll(async () => {
  await gateway?.stop();
  for (const module of MODULES) {
    stubs?.[module].closeAllConnections();
    stubs?.[module].close();
  }
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(gateway.url + path, { redirect: 'manual', ...init });
}

const withGood = { headers: { authorization: GOOD } };

/** A path that fetch would tidy up before sending it. */
async function askRaw(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  const sent = httpRequest({ hostname, port, path, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

describe('the gateway', () => {
  const outside = ALL_ROUTES.filter(({ path }) => !path.startsWith('/internal/'));

  it.each(outside.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    'sends %s to its service',
    async (_title, { method, path, module, access }) => {
      const concrete = path.replaceAll(/\{\w+\}/g, 'x_01');
      const answer = await ask(`${concrete}?limit=2&q=%D0%B0`, { method: method.toUpperCase(), ...withGood });
      expect(answer.headers.get('x-service')).toBe(module);
      expect(seen).toMatchObject([
        { service: module, method: method.toUpperCase(), url: `${concrete}?limit=2&q=%D0%B0` },
      ]);
      const known = access === 'public' ? undefined : 'usr_verified';
      expect(seen[0]?.headers['x-user-id']).toBe(known);
    },
  );

  it.each(outside.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    'lets %s through without a credential only if it is public',
    async (_title, { method, path, access }) => {
      const answer = await ask(path.replaceAll(/\{\w+\}/g, 'x_01'), { method: method.toUpperCase() });
      expect(answer.status).toBe(access === 'public' ? 200 : 401);
      expect(seen).toHaveLength(access === 'public' ? 1 : 0);
    },
  );

  it.each([
    ['/docs', 'auth'],
    ['/docs/init.js', 'auth'],
    ['/', 'auth'],
    ['/console', 'auth'],
    ['/console/topics/top_1', 'auth'],
    ['/console/assets/index-1.js', 'auth'],
    ['/openapi.json', 'auth'],
    ['/readyz', 'messages'],
    ['/admin', 'messages'],
    ['/admin/queues/api/queues', 'messages'],
  ])('sends the page %s to %s, without a credential', async (path, module) => {
    expect((await ask(path)).headers.get('x-service')).toBe(module);
  });

  it('answers for its own life itself', async () => {
    const answer = await ask('/healthz');
    expect(await answer.json()).toEqual({ status: 'ok' });
    expect(seen).toEqual([]);
  });

  it.each([
    '/internal/auth/verify',
    '//internal/auth/verify',
    '/%69nternal/auth/verify',
    '/v1/../internal/auth/verify',
    '/v1/auth/login/../../../internal/auth/verify',
    '/docs/%2e%2e/internal/auth/verify',
    '/internal',
    '/_anika/verify',
    '/metrics',
    '/docs/../metrics',
    '/docsx',
    '/adminx',
    '/consolex',
    '/v2/topics',
  ])('has nothing at %s', async (path) => {
    expect(await askRaw(path, { authorization: GOOD })).toBe(404);
    expect(seen).toEqual([]);
  });

  it.each([
    '/metrics/../docs/',
    '/metrics/%2e%2e/docs/',
    '/metrics/.%2E/docs/init.js',
    '/metrics/../admin/login',
    '/metrics/./../docs',
    '/metrics/..;/docs/',
    '/metrics/..\\docs/',
    '/internal/auth/verify/../../../docs',
    '/docs/%2e%2e/metrics',
    '/docs/..%2fmetrics',
    '/docs//init.js',
    '//docs',
    '/./docs',
    '/docs/.',
    '/docs;x/../metrics',
    '/%64ocs',
    '/v1/%74opics',
    '/v1/topics/top_1%2fmessages',
    '/v1/topics/top_1/%6dessages',
    '/v1/topics/top_1%3fx',
    '/v1/topics/top_1%23x',
    'http://anika.example/metrics/../docs/',
  ])('takes no path that a service would read differently: %s', async (path) => {
    expect(await askRaw(path, { authorization: GOOD })).toBe(404);
    expect(seen).toEqual([]);
  });

  it.each([
    '/v1/messages?where=%7B%22data.a%22%3A%22..%2F%2F%3B%5C%22%7D&q=a//b/../c;d',
    '/v1/topics/%D1%82%D0%B5%D0%BC%D0%B0',
    '/admin/queues/queue/deliver/dlv_1%3A0',
    'http://anika.example/v1/topics?limit=2',
  ])('takes what only looks odd: %s', async (path) => {
    expect(await askRaw(path, { authorization: GOOD })).toBe(200);
    expect(seen.map(({ url }) => url)).toEqual([path.replace('http://anika.example', '')]);
  });

  it.each([
    ['BREW it\r\n\r\n', 'bad-request'],
    ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'bad-request'],
    ['GET / HTTP/1.1\r\n\r\n', 'bad-request'],
    ['GET /v1/topics%00 HTTP/1.1\r\nHost: a\r\n\r\n', 'bad-request'],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 'bad-request'],
    [`GET /${'x'.repeat(120_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 'headers-too-large'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(120_000)}\r\n\r\n`, 'headers-too-large'],
  ] as const)('refuses what is no request with a problem document (%#)', async (request, code) => {
    // The reset after an answer to half a request may overtake it.
    const { status, headers, text } = await eventually(() => sendRaw(gateway.url, request));
    const answer = new Response(text, { status, headers });
    await expectProblem(answer, code);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('drops who a client says it is, and tells who it really is', async () => {
    const forged = {
      'X-User-Id': 'usr_forged',
      'X-Partner-Id': 'par_forged',
      'X-Role': 'operator',
      'X-Real-IP': '10.0.0.1',
      'X-Forwarded-For': '10.0.0.1',
      Forwarded: 'for=10.0.0.1',
    };
    await ask('/v1/topics', { headers: { ...forged, authorization: GOOD } });
    expect(seen[0]?.headers).toMatchObject({
      'x-user-id': 'usr_verified',
      'x-partner-id': 'par_verified',
      'x-forwarded-for': '127.0.0.1',
      authorization: GOOD,
    });
    await ask('/v1/auth/login', { method: 'POST', headers: forged });
    for (const { headers } of seen)
      expect(JSON.stringify(headers)).not.toMatch(/forged|operator|10\.0\.0\.1/);
    expect(seen[1]?.headers).not.toHaveProperty('x-user-id');
    expect(seen[1]?.headers).not.toHaveProperty('x-partner-id');
  });

  it('passes the body on as it is', async () => {
    const body = JSON.stringify({ type: 'car.chosen', data: { модель: 'Волга', n: 1e21 } });
    await ask('/v1/topics/top_1/messages', { method: 'POST', body, ...withGood });
    expect(seen[0]?.body).toBe(body);
  });

  it.each([
    ['its words', { 'X-Auth-Detail': 'Expired: <b> & [more]' }, 'Expired: <b> & [more]'],
    ['no words', {}, GENERAL],
    ['what would not stand in JSON', { 'X-Auth-Detail': 'a "b" \\' }, GENERAL],
  ])('refuses a credential as the auth service does, which gave %s', async (_what, headers, detail) => {
    refusal = { status: 401, headers };
    const more = { method: 'POST', body: '{}', headers: { authorization: 'Bearer bad' } };
    const answer = await ask('/v1/topics', more);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated', status: 401, detail });
    expect(seen).toEqual([]);
  });

  it("tells nobody a detail of the client's own", async () => {
    const answer = await ask('/v1/topics', { headers: { 'X-Auth-Detail': 'forged' } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated', detail: GENERAL });
  });

  it.each([
    [429, 429, 'rate-limited', '7'],
    [503, 503, 'unavailable', '7'],
    [500, 503, 'unavailable', '7'],
  ] as const)('answers a question that auth answers with %i by %i %s', async (given, status, code, after) => {
    refusal = { status: given, headers: { 'Retry-After': after } };
    const answer = await ask('/v1/topics', { headers: { authorization: 'Bearer other' } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(after);
    await expectProblem(answer, code);
    expect(seen).toEqual([]);
  });

  it('keeps a request id that is well-formed and replaces another', async () => {
    const kept = await ask('/v1/topics', { headers: { authorization: GOOD, 'X-Request-Id': 'abc-12345' } });
    expect(kept.headers.get('x-request-id')).toBe('abc-12345');
    expect(seen[0]?.headers['x-request-id']).toBe('abc-12345');
    const odd = await ask('/nothing', { headers: { 'X-Request-Id': 'a"b<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers what is not there and what is too large with problem documents', async () => {
    await expectProblem(await ask('/nothing'), 'not-found');
    const body = 'x'.repeat(4_400_000);
    await expectProblem(await ask('/v1/topics', { method: 'POST', body, ...withGood }), 'payload-too-large');
    expect(seen).toEqual([]);
  });

  it('takes a batch of 4 MiB', async () => {
    const body = 'x'.repeat(4 * 1024 * 1024);
    const answer = await ask('/v1/topics/top_1/messages/batch', { method: 'POST', body, ...withGood });
    expect(answer.status).toBe(200);
    expect(seen[0]?.body.length).toBe(body.length);
  });

  it('does not tell its version', async () => {
    expect((await ask('/v1/topics', withGood)).headers.get('server')).toBe('nginx');
  });
});

describe('a proxy in front that the gateway is told to trust', () => {
  it("names the client's address", async () => {
    const { auth, topics, messages } = stubs;
    const services = { auth: urlOf(auth), topics: urlOf(topics), messages: urlOf(messages) };
    const behind = await startGateway(services, { trusts: '127.0.0.0/8' });
    try {
      const headers = { authorization: GOOD, 'X-Forwarded-For': '10.0.0.1, 203.0.113.7' };
      await fetch(`${behind.url}/v1/topics`, { headers });
      expect(seen[0]?.headers['x-forwarded-for']).toBe('203.0.113.7');
    } finally {
      await behind.stop();
    }
  });
});

describe('a service that is away', () => {
  it('is a 503 problem document with Retry-After', async () => {
    const { auth, topics } = stubs;
    const lone = await startGateway({
      auth: urlOf(auth),
      topics: urlOf(topics),
      messages: 'http://127.0.0.1:9',
    });
    try {
      const answer = await fetch(`${lone.url}/v1/messages`, withGood);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      await expectProblem(answer, 'unavailable');
      expect((await fetch(`${lone.url}/v1/topics`, withGood)).status).toBe(200);
    } finally {
      await lone.stop();
    }
  });

  it('lets nobody in when it is the auth service', async () => {
    const { topics, messages } = stubs;
    const lone = await startGateway({
      auth: 'http://127.0.0.1:9',
      topics: urlOf(topics),
      messages: urlOf(messages),
    });
    try {
      const answer = await fetch(`${lone.url}/v1/topics`, withGood);
      expect(answer.status).toBe(503);
      await expectProblem(answer, 'unavailable');
      expect(seen).toEqual([]);
    } finally {
      await lone.stop();
    }
  });
});

/** The gateway's own documents say what the services' would. */
async function expectProblem(answer: Response, code: keyof typeof FAILURES): Promise<void> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({
    type: `urn:anika:error:${code}`,
    title: FAILURES[code].title,
    status: STATUS_OF[code],
    detail: expect.any(String),
    code,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(STATUS_OF[code]);
}
