import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { failuresOf } from '@anika/contracts/openapi';
import type { RouteContract } from '@anika/contracts/route';
import { readTruth } from '@anika/testkit/contents';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../testing/call.ts';
import { CALLS } from '../testing/every-route.ts';
import {
  HOSTILE_BODIES,
  HOSTILE_IDS,
  HOSTILE_PARAMETERS,
  HOSTILE_QUERIES,
  HOSTILE_VALUES,
  replaced,
} from '../testing/hostile-input.ts';
import type { Answer, CallOptions } from '../testing/test-client.ts';
import { closeWorld, createWorld, type World } from '../testing/world.ts';
import { STATUS_OF } from './problem.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => closeWorld(world));
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

const named = (routes: readonly RouteContract[]) => routes.map((contract) => ({ id: contract.id, contract }));
const WITH_BODY = named(ALL_ROUTES.filter(({ body }) => body !== undefined));
const WITH_ID = named(ALL_ROUTES.filter(({ path }) => path.includes('{')));

async function callOf(contract: RouteContract): Promise<Call> {
  const call = await CALLS[contract.id]?.(world);
  if (call === undefined) throw new Error(`no call for the route ${contract.id}`);
  return call;
}

function send(contract: RouteContract, { path, token }: Call, more: CallOptions): Promise<Answer> {
  return world.api.call(contract.method.toUpperCase(), path, { token, ...more });
}

/** Nothing broke, and the answer is one that the contract knows, as JSON that no browser takes for a page. */
function expectKnown(answer: Answer, contract: RouteContract, what: string): void {
  const known = [contract.success.status, ...failuresOf(contract).map((code) => STATUS_OF[code])];
  expect(known, what).toContain(answer.status);
  expect(answer.status, what).toBeLessThan(500);
  if (answer.body === '') return;
  expect(answer.headers.get('content-type'), what).toMatch(/^application\/([a-z]+\+)?(nd|x-nd)?json/);
  expect(answer.headers.get('x-content-type-options'), what).toBe('nosniff');
  expect(answer.headers.get('set-cookie'), what).toBeNull();
}

describe('a hostile value in each place of a body', () => {
  it.each(WITH_BODY)('is refused by $id, or does no harm', async ({ contract }) => {
    const call = await callOf(contract);
    for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
      for (const body of replaced(call.body ?? {}, value)) {
        expectKnown(
          await send(contract, call, { body }),
          contract,
          `${what}: ${JSON.stringify(body).slice(0, 300)}`,
        );
      }
    }
  });
});

describe('a hostile body', () => {
  it.each(WITH_BODY)('is refused by $id with 4xx, and nothing is changed', async ({ contract }) => {
    const call = await callOf(contract);
    const good = JSON.stringify(call.body ?? {});
    const before = await readTruth(world.api.databases);
    for (const [what, make] of Object.entries(HOSTILE_BODIES)) {
      const { bytes, headers = {} } = make(good === '{}' ? '{"a":1}' : good);
      const answer = await send(contract, call, { rawBody: bytes, headers });
      expectKnown(answer, contract, what);
      expect([400, 413, 415, 422], what).toContain(answer.status);
    }
    expect(await readTruth(world.api.databases)).toEqual(before);
  });
});

describe('a hostile value in each place of another form of a body', () => {
  const forms = ALL_ROUTES.flatMap((contract) =>
    Object.entries(contract.alsoTakes ?? {}).map(([mediaType, { example }]) => ({
      contract,
      mediaType,
      example,
    })),
  );

  it.each(forms)('is refused as $mediaType, or does no harm', async ({ contract, mediaType, example }) => {
    const call = await callOf(contract);
    for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
      for (const body of replaced(example, value)) {
        const more = { body, headers: { 'content-type': mediaType } };
        expectKnown(
          await send(contract, call, more),
          contract,
          `${what}: ${JSON.stringify(body).slice(0, 300)}`,
        );
      }
    }
    const good = JSON.stringify(example);
    for (const [what, make] of Object.entries(HOSTILE_BODIES)) {
      const { bytes, headers } = make(good);
      const more = { rawBody: bytes, headers: { 'content-type': mediaType, ...headers } };
      expectKnown(await send(contract, call, more), contract, what);
    }
  });
});

describe('a hostile query', () => {
  it.each(named(ALL_ROUTES.filter(({ method }) => method === 'get')))(
    'is refused by $id, and nothing is changed',
    async ({ contract }) => {
      const call = await callOf(contract);
      // The first use of a key makes it, and the first look at a secret is on record.
      await send(contract, call, {});
      const before = await readTruth(world.api.databases);
      for (const query of HOSTILE_QUERIES) {
        const path = call.path + (call.path.includes('?') ? '&' : '?') + query;
        const answer = await send(contract, { ...call, path }, {});
        expect([200, 204, 404, 422], query).toContain(answer.status);
        if (!/^[=&]/.test(query)) expect(answer.status, query).toBe(422);
      }
      for (const name of Object.keys(parametersOf(contract))) {
        for (const value of HOSTILE_PARAMETERS) {
          const path = `${call.path.split('?')[0]}?${name}=${value}`;
          expectKnown(await send(contract, { ...call, path }, {}), contract, `${name}=${value}`);
        }
      }
      expect(await readTruth(world.api.databases)).toEqual(before);
    },
  );
});

function parametersOf(contract: RouteContract): object {
  const { query } = contract;
  return query !== undefined && 'shape' in query && typeof query.shape === 'object' ? { ...query.shape } : {};
}

describe('a hostile id in a path', () => {
  it.each(WITH_ID)('names nothing for $id, and nothing is changed', async ({ contract }) => {
    const call = await callOf(contract);
    const before = await readTruth(world.api.databases);
    for (const id of HOSTILE_IDS) {
      const path = contract.path.replace(/\{\w+\}/g, id);
      const answer = await send(contract, { ...call, path }, { body: call.body });
      expect([404, 422], `${path.slice(0, 100)} answered ${JSON.stringify(answer.body)}`).toContain(
        answer.status,
      );
    }
    expect(await readTruth(world.api.databases)).toEqual(before);
  });
});
