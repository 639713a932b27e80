import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { RouteContract } from '@anika/contracts/route';
import { SCOPES, type Scope } from '@anika/core/access';
import { readTruth } from '@anika/testkit/contents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS, type Call } from '../testing/every-route.ts';
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
import type { Answer } from '../testing/test-api.ts';
import { closeWorld, createWorld, type World } from '../testing/world.ts';

const SECURED = ALL_ROUTES.flatMap((contract) =>
  contract.access === 'public' ? [] : [{ id: contract.id, contract, access: contract.access }],
);

let world: World;
let forge: Forge;
let ended: Readonly<Record<string, Presented>>;
let falsified: Readonly<Record<string, Falsify>>;
const keys = new Map<string, string>();
const pairsOfScopes = SCOPES.map((missing) => SCOPES.filter((scope) => scope !== missing));

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
  for (const scopes of [...SCOPES.map((scope) => [scope]), ...pairsOfScopes, SCOPES]) {
    keys.set(scopes.join(), await owner.apiKey(scopes));
  }
});
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

/** Nothing of the answer tells one reason from another. */
function expectRefusal(answer: Answer, status: 401 | 403, what: string): void {
  const { requestId, detail, ...body } = answer.body;
  const code = status === 401 ? 'unauthenticated' : 'forbidden';
  const title = status === 401 ? 'No valid credential' : 'Not allowed for this role or key';
  expect(body, what).toEqual({ type: `urn:anika:error:${code}`, title, status, code });
  expect(answer.status, what).toBe(status);
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('www-authenticate'), what).toBe(status === 401 ? 'Bearer' : null);
  expect(answer.headers.get('x-request-id'), what).toBe(requestId);
  if (status === 401) {
    expect(detail, what).toBe('Send a valid access token or API key as "Authorization: Bearer …"');
  }
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

it('there are secured routes of every module', () => {
  expect(new Set(SECURED.map(({ contract }) => contract.module))).toEqual(
    new Set(ALL_ROUTES.map((contract) => contract.module)),
  );
});

describe.each(SECURED)('$id', ({ contract, access }) => {
  it('refuses what is not, or not any more, a valid credential, always alike, and changes nothing', async () => {
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
    expect(lacking.length).toBe({ any: 0, none: 7, publish: 3, read: 3, manage: 3 }[access.scope]);
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
