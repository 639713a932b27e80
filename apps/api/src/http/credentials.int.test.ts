import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { RouteContract } from '@anika/contracts/route';
import { SCOPES, type Scope } from '@anika/core/access';
import { readTruth } from '@anika/testkit/contents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, REFUSALS, type Refusal } from '../auth/refusals.ts';
import type { Call } from '../testing/call.ts';
import { CALLS } from '../testing/every-route.ts';
import {
  endedCredentials,
  type Falsify,
  type Forge,
  openForge,
  type Presented,
  WRONGLY_GIVEN,
  wronglyClaimed,
  wronglySigned,
} from '../testing/false-credentials.ts';
import type { Answer } from '../testing/test-client.ts';
import { closeWorld, createWorld, type World } from '../testing/world.ts';

const SECURED = ALL_ROUTES.flatMap((contract) =>
  contract.access === 'public' ? [] : [{ id: contract.id, contract, access: contract.access }],
);

let world: World;
let forge: Forge;
let ended: Readonly<Record<string, Presented>>;
let falsified: Readonly<Record<string, Falsify>>;
const keys = new Map<string, string>();
const allButOne = SCOPES.map((missing) => SCOPES.filter((scope) => scope !== missing));

beforeAll(async () => {
  world = await createWorld();
  const { api, owner } = world;
  forge = await openForge(api);
  ended = await endedCredentials(api);
  falsified = {
    ...wronglyClaimed(forge, await api.createPartner()),
    ...wronglySigned(forge),
    ...WRONGLY_GIVEN,
  };
  for (const scopes of [...SCOPES.map((scope) => [scope]), ...allButOne, SCOPES]) {
    keys.set(scopes.join(), await owner.apiKey(scopes));
  }
  // Some twenty logins and passwords, each as slow as it is meant to be.
}, 120_000);
afterAll(() => closeWorld(world));

async function callOf(contract: RouteContract): Promise<Call & { token: string }> {
  const make = CALLS[contract.id];
  const call = await make?.(world);
  if (call?.token === undefined) throw new Error(`no call with a token for the route ${contract.id}`);
  return { ...call, token: call.token };
}

function send(contract: RouteContract, { path, body }: Call, headers: Presented): Promise<Answer> {
  return world.api.call(contract.method.toUpperCase(), path, { body, headers });
}

/** Whoever has these may know what is wrong with them; of all others no answer tells one reason from another. */
const TOLD: Readonly<Record<string, Refusal>> = {
  'expired a second ago': 'expired',
  'expired long ago': 'expired',
  'an expired key': 'expired',
  'with alg none': 'malformed',
  'with alg None': 'malformed',
  'without its signature': 'malformed',
  'with two payloads': 'malformed',
  'a token twice': 'malformed',
  'a token that is too long': 'malformed',
  'a token in quotes': 'malformed',
  'a key without its last character': 'malformed',
  'a prefix of a key alone': 'malformed',
  'a refresh token': 'wrong-kind',
  'a token of another scheme': 'wrong-scheme',
  'a token without a scheme': 'wrong-scheme',
  'a token as a user and password': 'wrong-scheme',
  'a token in other headers': 'wrong-scheme',
  'a token in a cookie': 'missing',
  'the headers of a gateway': 'missing',
  'a token in the query': 'missing',
};

function expectRefusal(answer: Answer, status: 401 | 403, what: string): void {
  const { requestId, detail, ...body } = answer.body;
  const code = status === 401 ? 'unauthenticated' : 'forbidden';
  const title = status === 401 ? 'No valid credential' : 'Not allowed for this role or key';
  expect(body, what).toEqual({ type: `urn:anika:error:${code}`, title, status, code });
  expect(answer.status, what).toBe(status);
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('x-request-id'), what).toBe(requestId);
  const refusal = TOLD[what] ?? 'invalid';
  if (status === 401) expect(detail, what).toBe(REFUSALS[refusal]);
  const challenge = status === 401 ? challengeOf(refusal) : null;
  expect(answer.headers.get('www-authenticate'), what).toBe(challenge);
}

async function unchangedBy(work: () => Promise<void>): Promise<void> {
  const before = await readTruth(world.api.databases);
  await work();
  expect(await readTruth(world.api.databases)).toEqual(before);
}

it('what the forge signs is taken when nothing is changed, so each refusal is for the change', async () => {
  const token = forge(world.owner.token, {});
  expect((await world.api.call('GET', '/v1/auth/me', { token })).status).toBe(200);
});

it('every refusal that is told apart is one that is tried', () => {
  const tried = [...Object.keys(falsified), ...Object.keys(ended), 'a token in the query'];
  expect(tried).toEqual(expect.arrayContaining(Object.keys(TOLD)));
  expect(new Set(Object.values(TOLD)).size).toBe(Object.keys(REFUSALS).length - 1);
});

it('there are secured routes of every module', () => {
  expect(new Set(SECURED.map(({ contract }) => contract.module))).toEqual(
    new Set(ALL_ROUTES.map((contract) => contract.module)),
  );
});

describe.each(SECURED)('$id', ({ contract, access }) => {
  it('refuses what is not, or not any more, a valid credential, says which as far as its holder may know, and changes nothing', async () => {
    const call = await callOf(contract);
    await unchangedBy(async () => {
      for (const [what, falsify] of Object.entries(falsified)) {
        expectRefusal(await send(contract, call, falsify(call.token)), 401, what);
      }
      for (const [what, headers] of Object.entries(ended)) {
        expectRefusal(await send(contract, call, headers), 401, what);
      }
      const inQuery = { ...call, path: withQuery(call.path, `access_token=${call.token}`) };
      expectRefusal(await send(contract, inQuery, {}), 401, 'a token in the query');
    });
  });

  it('refuses keys that lack its scope, whatever else they may, and changes nothing', async () => {
    const call = await callOf(contract);
    const lacking = [...keys].filter(([scopes]) => lacks(access.scope, scopes));
    expect(lacking.length).toBe(
      { any: 0, none: 11, publish: 5, read: 5, manage: 5, receive: 5, grants: 5 }[access.scope],
    );
    await unchangedBy(async () => {
      for (const [scopes, key] of lacking) {
        const answer = await send(contract, call, { authorization: `Bearer ${key}` });
        expectRefusal(answer, 403, `a key for ${scopes}`);
      }
    });
  });
});

function withQuery(path: string, parameter: string): string {
  return path + (path.includes('?') ? '&' : '?') + parameter;
}

function lacks(needed: Scope | 'any' | 'none', scopes: string): boolean {
  if (needed === 'any') return false;
  return needed === 'none' || !scopes.split(',').includes(needed);
}
