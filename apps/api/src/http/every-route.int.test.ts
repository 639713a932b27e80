import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { RouteContract } from '@anika/contracts/route';
import { type Role, SCOPES } from '@anika/core/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf } from '../auth/refusals.ts';
import type { Call } from '../testing/call.ts';
import { CALLS } from '../testing/every-route.ts';
import type { Answer } from '../testing/test-client.ts';
import { closeWorld, createWorld, type World } from '../testing/world.ts';

let world: World;
const tokens = new Map<string, string>();

const ROLES: readonly Role[] = ['operator', 'admin', 'developer', 'viewer'];

beforeAll(async () => {
  world = await createWorld();
  const { api, owner } = world;
  tokens.set('operator', api.operatorToken);
  tokens.set('admin', owner.token);
  tokens.set('developer', await owner.userToken('developer'));
  tokens.set('viewer', await owner.userToken('viewer'));
  for (const scope of SCOPES) tokens.set(`key:${scope}`, await owner.apiKey([scope]));
});
afterAll(() => closeWorld(world));

async function callOf(contract: RouteContract): Promise<Call> {
  const make = CALLS[contract.id];
  if (make === undefined) throw new Error(`no call for the route ${contract.id}`);
  return make(world);
}

function send(contract: RouteContract, call: Call, more: object = {}): Promise<Answer> {
  const { path, token, body } = call;
  return world.api.call(contract.method.toUpperCase(), path, { token, body, ...more });
}

function expectProblem(answer: Answer, status: number, code?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const { type, title, detail, requestId } = answer.body;
  expect(answer.body.status).toBe(status);
  if (code !== undefined) expect(answer.body.code).toBe(code);
  expect(type).toBe(`urn:anika:error:${answer.body.code}`);
  for (const text of [title, detail, requestId]) expect(text).toEqual(expect.any(String));
  expect(answer.headers.get('x-request-id')).toBe(requestId);
}

const withBody = ALL_ROUTES.filter((contract) => contract.body !== undefined);
const guarded = ALL_ROUTES.filter((contract) => contract.access !== 'public');
/** Those that name a resource of a partner in their path. */
const withId = ALL_ROUTES.filter((contract) => contract.path.includes('{id}'));

it('the table has a call for every route, and for nothing else', () => {
  expect(Object.keys(CALLS).sort()).toEqual(ALL_ROUTES.map((contract) => contract.id).sort());
});

describe('every route', () => {
  it.each(ALL_ROUTES.map((contract) => [contract.id, contract] as const))(
    '%s succeeds with the status and shape of its contract',
    async (_id, contract) => {
      const answer = await send(contract, await callOf(contract));
      expect(answer.body?.detail).toBeUndefined();
      expect(answer.status).toBe(contract.success.status);
      expect(answer.headers.get('x-request-id')).toMatch(/^.{8,}$/);
      if (contract.success.schema !== undefined) contract.success.schema.parse(answer.body);
      else if (contract.success.contentType === undefined) expect(answer.body).toBe('');
    },
  );

  it('keeps the request id of its caller', async () => {
    const { api, owner } = world;
    const headers = { 'x-request-id': 'our-own-id-42' };
    const answer = await api.call('GET', '/v1/topics', { token: owner.token, headers });
    expect(answer.headers.get('x-request-id')).toBe('our-own-id-42');
  });
});

describe('every route that is not public', () => {
  it.each(guarded.map((contract) => [contract.id, contract] as const))(
    '%s refuses a missing, a made-up and a malformed credential, and says which',
    async (_id, contract) => {
      const call = await callOf(contract);
      const given = [
        [undefined, 'missing'],
        ['made-up', 'malformed'],
        ['ank_madeup', 'malformed'],
        ['a.b.c', 'invalid'],
        ['', 'malformed'],
      ] as const;
      for (const [token, refusal] of given) {
        const answer = await send(contract, { ...call, token });
        expectProblem(answer, 401, 'unauthenticated');
        expect(answer.headers.get('www-authenticate')).toBe(challengeOf(refusal));
      }
    },
  );

  it.each(guarded.map((contract) => [contract.id, contract] as const))(
    '%s lets in the roles and scopes of its contract and no other',
    async (_id, contract) => {
      if (contract.access === 'public') return;
      const { roles, scope } = contract.access;
      const { path, body } = await callOf(contract);
      const refused = (who: string) => send(contract, { path, body, token: tokens.get(who) });
      for (const role of ROLES.filter((one) => !roles.includes(one))) {
        expectProblem(await refused(role), 403, 'forbidden');
      }
      for (const one of SCOPES.filter((other) => scope !== 'any' && other !== scope)) {
        expectProblem(await refused(`key:${one}`), 403, 'forbidden');
      }
    },
  );
});

describe('every route that takes a body', () => {
  const HOSTILE = [
    ['a member that is not known', (body: object) => ({ ...body, surprise: 1 })],
    ['an operator in the place of a value', (body: object) => mapValues(body, () => ({ $gt: '' }))],
    ['numbers in the place of values', (body: object) => mapValues(body, () => 12.5)],
    ['an array in the place of the object', () => [1]],
  ] as const;

  it.each(withBody.map((contract) => [contract.id, contract] as const))(
    '%s refuses what is not JSON, not UTF-8, not declared as JSON, too large, or too deep',
    async (_id, contract) => {
      const call = { ...(await callOf(contract)), body: undefined };
      const raw = (rawBody: string | Uint8Array, headers = {}) => send(contract, call, { rawBody, headers });
      expectProblem(await raw('{"a":'), 400, 'invalid-json');
      expectProblem(await raw(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'invalid-json');
      expectProblem(await raw('{}', { 'content-type': 'text/plain' }), 415, 'unsupported-media-type');
      expectProblem(await raw('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415);
      expectProblem(await raw(JSON.stringify({ a: 'x'.repeat(5_000_000) })), 413, 'payload-too-large');
      const deep = `{"type":"t","data":${'['.repeat(200)}${']'.repeat(200)}}`;
      expectProblem(await raw(deep), 422, 'validation-failed');
    },
  );

  it.each(withBody.map((contract) => [contract.id, contract] as const))(
    '%s refuses bodies of another form and names what is wrong',
    async (_id, contract) => {
      for (const [, change] of HOSTILE) {
        const call = await callOf(contract);
        const before: object = typeof call.body === 'object' && call.body !== null ? call.body : {};
        const body = change(before);
        // Some bodies have no member that could be replaced.
        if (!Array.isArray(body) && Object.keys(body).length === 0) continue;
        const answer = await send(contract, { ...call, body });
        if (['login', 'openBrowserSession'].includes(contract.id) && answer.status === 401) continue;
        expectProblem(answer, 422);
        expect(answer.body.errors?.length ?? 1).toBeGreaterThan(0);
      }
      const polluted = await send(
        contract,
        { ...(await callOf(contract)), body: undefined },
        {
          rawBody: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
        },
      );
      expectProblem(polluted, 422, 'validation-failed');
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );
});

function mapValues(body: object, change: () => unknown): object {
  return Object.fromEntries(Object.keys(body).map((name) => [name, change()]));
}

describe('every route about one resource', () => {
  it.each(withId.map((contract) => [contract.id, contract] as const))(
    "%s answers 404 for a malformed id, an unknown one and another company's alike, 403 for a topic that is listed",
    async (_id, contract) => {
      const call = await callOf(contract);
      const [, id = ''] =
        /\/((?:par|usr|top|sub|msg|dlv|key|req|ses|inv|grt|rpl|era)_[0-9a-z]+)/.exec(call.path) ?? [];
      const unknown = id.slice(0, 4) + '0'.repeat(id.length - 4);
      const bad = ['nonsense', unknown, `${id}x`, encodeURIComponent("'; drop table topics; --")];
      for (const other of bad) {
        expectProblem(
          await send(contract, { ...call, path: call.path.replace(id, other) }),
          404,
          'not-found',
        );
      }
      const isOperators = contract.access !== 'public' && contract.access.roles[0] === 'operator';
      if (isOperators || contract.id === 'requestAccess') return;
      const outsider = await world.api.createPartner();
      const answer = await send(contract, { ...call, token: outsider.token });
      if (id === world.topicId) expectProblem(answer, 403, 'forbidden');
      else expectProblem(answer, 404, 'not-found');
    },
  );
});

describe('other paths and methods', () => {
  it('a path that does not exist is 404', async () => {
    expectProblem(await world.api.call('GET', '/v1/nothing', { token: world.owner.token }), 404, 'not-found');
    expectProblem(await world.api.call('GET', '/v1/topics/%E0%A4%A'), 404, 'not-found');
  });

  it('a method that is not defined is 405 and says which are', async () => {
    const answer = await world.api.call('DELETE', '/v1/topics', { token: world.owner.token });
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
  });

  it('a query parameter that is not known, repeated, or of another form is 422', async () => {
    const { token } = world.owner;
    for (const query of [
      'surprise=1',
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1&limit=2',
      'cursor=%00',
      'cursor=x',
    ]) {
      expectProblem(await world.api.call('GET', `/v1/topics?${query}`, { token }), 422, 'validation-failed');
    }
    expectProblem(await world.api.call('GET', '/v1/messages?type[$gt]=', { token }), 422);
    expectProblem(
      await world.api.call('GET', '/v1/messages?where={"data.a":{"$where":"1"}}', { token }),
      422,
    );
  });
});
