import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type Raw = { status: number | undefined; allow: string | undefined; body: string };

/** As it is written: `fetch` would mend the path first. */
function raw(method: string, path: string, headers: Record<string, string> = {}): Promise<Raw> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const req = request({ method, hostname, port, path, headers }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode, allow: res.headers.allow, body }));
    });
    req.on('error', reject).end();
  });
}

describe('a path', () => {
  it.each([
    ['GET', '/v1/topics', 401],
    ['GET', '/v1/topics/', 401],
    ['GET', '/v1/topics?limit=1', 401],
    ['HEAD', '/v1/topics', 401],
    ['GET', '/v1/topics/%20', 401],
    ['GET', '/v1/topics//', 404],
    ['POST', '/v1/topics//messages', 404],
    ['GET', '/v1//topics', 404],
    ['GET', '/V1/topics', 404],
    ['GET', '/v1/%74opics', 404],
    ['GET', '/v1/topics/%zz', 404],
    ['GET', '/v1/topics/%ff', 404],
    ['GET', '/v1/topics/a%2fb', 401],
    ['GET', '/v1/none', 404],
    ['GET', `/v1/topics/${'x'.repeat(60_000)}`, 401],
  ])('%s %s is answered with %d', async (method, path, status) => {
    expect((await raw(method, path)).status).toBe(status);
  });

  it.each([
    ['DELETE', '/v1/topics', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/v1/topics/top_1', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['GET', '/v1/auth/login', 'POST, OPTIONS'],
    ['HEAD', '/v1/auth/login', 'POST, OPTIONS'],
    ['TRACE', '/v1/topics', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/readyz', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/docs/init.js', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/admin/queues', 'GET, HEAD, POST, PUT, OPTIONS'],
  ])('%s %s tells which methods there are', async (method, path, allowed) => {
    const { status, allow, body } = await raw(method, path);
    expect([status, allow]).toEqual([405, allowed]);
    if (method !== 'HEAD') expect(JSON.parse(body)).toMatchObject({ code: 'method-not-allowed' });
  });

  it('answers OPTIONS with what there is, for all of it as well', async () => {
    expect(await raw('OPTIONS', '/v1/topics?limit=1')).toMatchObject({
      status: 204,
      allow: 'GET, HEAD, POST, OPTIONS',
    });
    expect(await raw('OPTIONS', '*')).toMatchObject({ status: 204 });
    expect(await raw('OPTIONS', '/v1/nothing')).toMatchObject({ status: 404, allow: undefined });
  });

  it.each([
    '/metrics/../docs/',
    '/metrics/%2e%2e/docs/',
    '/metrics/x',
    '/readyz/x',
    '/readyz//',
    '//readyz',
    '/healthz;x',
    '/healthz\\',
    '/docs/../metrics',
    '/docs/..%2fmetrics',
    '/docsx',
    '/Docs',
    '/admin/../metrics',
    '/openapi.json/',
  ])('of operations is matched exactly: %s', async (path) => {
    const expected = path === '/openapi.json/' ? 200 : 404;
    expect((await raw('GET', path)).status).toBe(expected);
  });

  it('answers HEAD as GET, without a body', async () => {
    expect(await raw('HEAD', '/.well-known/jwks.json')).toMatchObject({ status: 200, body: '' });
  });

  it('reads its query as forms are read', async () => {
    const authorization = `Bearer ${api.operatorToken}`;
    const detailOf = async (query: string) =>
      JSON.parse((await raw('GET', `/v1/partners?${query}`, { authorization })).body).detail;
    expect(await detailOf('limit=1&limit=2')).toMatch(/limit/);
    expect(await detailOf('__proto__=1')).toMatch(/__proto__/);
    expect((await raw('GET', '/v1/partners?limit=%31', { authorization })).status).toBe(200);
  });
});
