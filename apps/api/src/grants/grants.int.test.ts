import { verifyChain } from '@anika/stores/postgres/verify-chain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let owner: TestPartner;
let reader: TestPartner;
let stranger: TestPartner;

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.createPartner('АвтоЭкспресс');
  reader = await api.createPartner('ЭкспоБанк');
  stranger = await api.createPartner('СтрахКонсалт');
});
afterAll(() => api.close());

let count = 0;
async function topic(visibility = 'private'): Promise<string> {
  count += 1;
  const body = { name: `Выбор машины ${count}`, visibility };
  return (await api.call('POST', '/v1/topics', { token: owner.token, body })).body.id;
}
const put = (topicId: string, terms: object, partnerId = reader.id) =>
  api.call('PUT', `/v1/topics/${topicId}/grants/${partnerId}`, { token: owner.token, body: terms });
const read = (topicId: string, token = reader.token) => api.call('GET', `/v1/topics/${topicId}`, { token });

describe('a topic', () => {
  it('is there for its owner and for readers who are let in, and for nobody else', async () => {
    const id = await topic();
    expect((await read(id)).status).toBe(404);
    await put(id, {});
    expect((await read(id)).status).toBe(200);
    expect((await read(id, stranger.token)).status).toBe(404);
    const changed = await api.call('PATCH', `/v1/topics/${id}`, {
      token: reader.token,
      body: { name: 'Моё' },
    });
    expect(changed.status).toBe(403);
  });

  it('has a name of any script, unique for its owner only', async () => {
    const body = { name: '自動車の選択 – Автомобиль 🚙' };
    expect((await api.call('POST', '/v1/topics', { token: owner.token, body })).body.name).toBe(body.name);
    const again = await api.call('POST', '/v1/topics', { token: owner.token, body });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await api.call('POST', '/v1/topics', { token: reader.token, body })).status).toBe(201);
  });

  it('is gone for its readers when it is deleted', async () => {
    const id = await topic();
    await put(id, {});
    await api.call('DELETE', `/v1/topics/${id}`, { token: owner.token });
    expect((await read(id)).status).toBe(404);
    const { body } = await api.call('GET', '/v1/grants?limit=200', { token: reader.token });
    expect(body.items.map((grant: { topicId: string }) => grant.topicId)).not.toContain(id);
  });

  it('checks messages against its JSON Schema, and refuses schemas that are none', async () => {
    const schema = { type: 'object', required: ['car'], properties: { car: { type: 'string' } } };
    const create = (one: object) =>
      api.call('POST', '/v1/topics', {
        token: owner.token,
        body: { name: `Со схемой ${Math.random()}`, schema: one },
      });
    const { body } = await create(schema);
    const publish = (data: unknown) =>
      api.call('POST', `/v1/topics/${body.id}/messages`, { token: owner.token, body: { type: 't', data } });
    expect((await publish({ car: 'Лада' })).status).toBe(202);
    const refused = await publish({ car: 7 });
    expect(refused).toMatchObject({ status: 422, body: { code: 'schema-mismatch' } });
    expect(refused.body.errors[0].path).toBe('data.car');
    expect((await create({ type: 'no such type' })).status).toBe(422);
    expect((await create({ properties: { a: { pattern: '(a+)+$' } } })).status).toBe(422);
  });

  it('is found in the catalogue when listed, with the own access state', async () => {
    const id = await topic('listed');
    const hidden = await topic('private');
    const access = async (token: string) => {
      const { body } = await api.call('GET', '/v1/catalog?q=ВЫБОР&limit=200', { token });
      const items: { id: string; access: string }[] = body.items;
      expect(items.map((item) => item.id)).not.toContain(hidden);
      return items.find((item) => item.id === id)?.access;
    };
    expect(await access(owner.token)).toBe('owner');
    expect(await access(reader.token)).toBe('none');
    await put(id, {});
    expect(await access(reader.token)).toBe('granted');
  });

  it('lists page by page, each once', async () => {
    const wanted = new Set((await Promise.all([topic(), topic(), topic(), topic(), topic()])).flat());
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.call('GET', `/v1/topics?limit=2${cursor}`, { token: owner.token });
      seen.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of wanted) expect(seen).toContain(id);
  });
});

describe('a grant', () => {
  it('is replaced by the next one, with a version that grows', async () => {
    const id = await topic();
    const first = await put(id, {
      purpose: 'Скоринг',
      types: ['a'],
      fields: { include: ['data.car.*.model'] },
    });
    expect(first.body).toMatchObject({ version: 1, state: 'active', purpose: 'Скоринг', types: ['a'] });
    const second = await put(id, { history: false });
    expect(second.body).toMatchObject({ version: 2, purpose: null, types: [], fields: null, history: false });
    expect(second.body.id).toBe(first.body.id);
  });

  it('ends at its date', async () => {
    const id = await topic();
    await put(id, { expiresAt: new Date(Date.now() + 600).toISOString() });
    expect((await read(id)).status).toBe(200);
    await expect.poll(async () => (await read(id)).status).toBe(404);
    const { body } = await api.call('GET', `/v1/topics/${id}/grants`, { token: owner.token });
    expect(body.items[0].state).toBe('expired');
    expect((await put(id, {})).body).toMatchObject({ state: 'active', version: 2 });
  });

  it('ends when it is revoked, and a second revocation finds none', async () => {
    const id = await topic();
    await put(id, {});
    const revoke = () => api.call('DELETE', `/v1/topics/${id}/grants/${reader.id}`, { token: owner.token });
    expect((await revoke()).status).toBe(204);
    expect((await read(id)).status).toBe(404);
    expect((await revoke()).status).toBe(404);
  });

  it('is declined by an admin of its reader, once, and by nobody else', async () => {
    const id = await topic();
    const grantId: string = (await put(id, {})).body.id;
    const decline = (token: string) => api.call('DELETE', `/v1/grants/${grantId}`, { token });
    for (const token of [owner.token, stranger.token]) expect((await decline(token)).status).toBe(404);
    expect((await decline(await reader.userToken('developer'))).status).toBe(403);
    expect((await decline(reader.token)).status).toBe(204);
    expect((await read(id)).status).toBe(404);
    expect((await decline(reader.token)).status).toBe(404);
    expect((await api.call('DELETE', '/v1/grants/x', { token: reader.token })).status).toBe(404);
    expect((await put(id, {})).body).toMatchObject({ state: 'active', version: 3 });
  });

  it.each([
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['a field path with an empty name', { fields: { exclude: ['data.a..b'] } }, 'fields.exclude.0'],
    ['a mask path without data', { fields: { exclude: ['customer.phone'] } }, 'fields.exclude.0'],
    ['a mask path of JSONPath', { fields: { include: ['data.a', '$.customer.phone'] } }, 'fields.include.1'],
    ['a mask path of JSON Pointer', { fields: { exclude: ['/customer/phone'] } }, 'fields.exclude.0'],
    ['a mask path to the type', { fields: { exclude: ['type'] } }, 'fields.exclude.0'],
    [
      'more arrays than a mask may name',
      { fields: { exclude: Array.from({ length: 33 }, (_, n) => `data.list${n}.*.a`) } },
      'fields.exclude',
    ],
    ['both include and exclude', { fields: { include: [], exclude: [] } }, 'fields'],
    ['an unknown operator', { filter: { 'data.a': { regex: 'x' } } }, 'filter.data.a.regex'],
    ['a path outside the message', { filter: { password: 1 } }, 'filter.password'],
    ['a type that no message has', { types: ['with space'] }, 'types.0'],
  ])('with %s is refused, naming it', async (_what, terms, path) => {
    const answer = await put(await topic(), terms);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe(path);
  });

  it('to oneself or to a partner that is not there is refused', async () => {
    const id = await topic();
    expect((await put(id, {}, owner.id)).status).toBe(409);
    expect((await put(id, {}, `par_${'0'.repeat(26)}`)).status).toBe(404);
  });
});

describe('a topic that a company can see and may not do that with', () => {
  const GRANT = 'You have no active grant on this topic; ask its owner for access';
  const OWNERSHIP = 'Only the company that owns this topic may do this';
  const year = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';
  const actions: [string, string, (id: string) => string, object | undefined, string][] = [
    ['reading it', 'GET', (id) => `/v1/topics/${id}`, undefined, GRANT],
    ['searching it', 'GET', (id) => `/v1/messages?topicId=${id}`, undefined, GRANT],
    ['its receipts', 'GET', (id) => `/v1/receipts?topicId=${id}&${year}`, undefined, GRANT],
    ['changing it', 'PATCH', (id) => `/v1/topics/${id}`, { description: 'моё' }, OWNERSHIP],
    ['deleting it', 'DELETE', (id) => `/v1/topics/${id}`, undefined, OWNERSHIP],
    ['publishing', 'POST', (id) => `/v1/topics/${id}/messages`, { type: 'x', data: 1 }, OWNERSHIP],
    [
      'publishing a batch',
      'POST',
      (id) => `/v1/topics/${id}/messages/batch`,
      { messages: [{ type: 'x', data: 1 }] },
      OWNERSHIP,
    ],
    ['granting', 'PUT', (id) => `/v1/topics/${id}/grants/${reader.id}`, {}, OWNERSHIP],
    ['its grants', 'GET', (id) => `/v1/topics/${id}/grants`, undefined, OWNERSHIP],
    ['revoking', 'DELETE', (id) => `/v1/topics/${id}/grants/${reader.id}`, undefined, OWNERSHIP],
    ['resending', 'POST', (id) => `/v1/topics/${id}/grants/${reader.id}/resend`, {}, OWNERSHIP],
  ];

  it.each(actions)(
    '%s: 403 with the reason when listed, 404 when not',
    async (_what, method, at, body, why) => {
      const [listed, hidden] = [await topic('listed'), await topic('private')];
      const ask = (id: string) => api.call(method, at(id), { token: stranger.token, body });
      const seen = await ask(listed);
      expect({ status: seen.status, detail: seen.body.detail }).toEqual({ status: 403, detail: why });
      expect((await ask(hidden)).status).toBe(404);
      expect((await ask(`top_${'0'.repeat(26)}`)).status).toBe(404);
    },
  );

  it.each(actions.filter(([, , , , why]) => why === OWNERSHIP))(
    '%s: 403 with the reason when granted',
    async (_what, method, at, body, why) => {
      const id = await topic('private');
      await put(id, {});
      const { status, body: told } = await api.call(method, at(id), { token: reader.token, body });
      expect({ status, detail: told.detail }).toEqual({ status: 403, detail: why });
    },
  );

  it('subscribing without a grant: 403 with the reason when listed, 404 when not', async () => {
    const ask = (topicId: string) =>
      api.call('POST', '/v1/subscriptions', {
        token: stranger.token,
        body: { topicId, url: 'https://endpoint.example/' },
      });
    const { status, body } = await ask(await topic('listed'));
    expect({ status, detail: body.detail }).toEqual({ status: 403, detail: GRANT });
    expect((await ask(await topic('private'))).status).toBe(404);
  });

  it('asking for access to what is granted or its own: 409', async () => {
    const id = await topic('private');
    await put(id, {});
    const ask = (token: string) =>
      api.call('POST', `/v1/topics/${id}/access-requests`, { token, body: { purpose: 'Страховка' } });
    expect((await ask(reader.token)).status).toBe(409);
    expect((await ask(owner.token)).status).toBe(409);
    expect((await ask(stranger.token)).status).toBe(404);
  });
});

describe('names that others see', () => {
  it.each([
    ['zero width space', 'Выбор\u200b машины'],
    ['override', 'Выбор \u202eынишам'],
    ['tag letters', 'Выбор\u{e0061}'],
    ['Hangul filler', '\u3164'],
    ['soft hyphen', 'Вы\u00adбор'],
  ])('are refused with a %s', async (_what, name) => {
    const refused = [
      await api.call('POST', '/v1/topics', { token: owner.token, body: { name } }),
      await api.call('PATCH', `/v1/topics/${await topic()}`, { token: owner.token, body: { name } }),
      await api.call('POST', '/v1/partners', {
        token: api.operatorToken,
        body: { name, admin: { email: 'a@names.test', password: 'correct horse battery' } },
      }),
      await api.call('PATCH', `/v1/partners/${stranger.id}`, { token: api.operatorToken, body: { name } }),
      await api.call('POST', '/v1/api-keys', { token: owner.token, body: { name, scopes: ['read'] } }),
    ];
    for (const { status, body } of refused) {
      expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 422, path: 'name' });
      expect(body.detail).toMatch(/U\+[0-9A-F]{4,5}, which nobody sees/);
    }
  });

  it('are taken with joiners that their script or emoji need', async () => {
    const names = ['👨\u200d👩\u200d👧 семья', 'می\u200cخواهم', 'क्\u200dष'];
    for (const name of names) {
      const { status, body } = await api.call('POST', '/v1/topics', {
        token: owner.token,
        body: { name: `${name} ${crypto.randomUUID()}` },
      });
      expect({ status, name: String(body.name).startsWith(name) }).toEqual({ status: 201, name: true });
    }
  });
});

describe('a request for access', () => {
  const ask = (topicId: string, token = stranger.token) =>
    api.call('POST', `/v1/topics/${topicId}/access-requests`, { token, body: { purpose: 'Страховка' } });
  const decide = (id: string, decision: string, body: object, token = owner.token) =>
    api.call('POST', `/v1/access-requests/${id}/${decision}`, { token, body });

  it('is seen by both sides, and approved on the conditions of the owner', async () => {
    const id = await topic('listed');
    const request = (await ask(id)).body;
    const list = async (direction: string, token: string) =>
      (await api.call('GET', `/v1/access-requests?direction=${direction}&state=requested`, { token })).body
        .items;
    expect(await list('in', owner.token)).toContainEqual(request);
    expect(await list('out', stranger.token)).toContainEqual(request);
    expect(await list('in', reader.token)).toEqual([]);
    const approved = await decide(request.id, 'approve', { types: ['car.chosen'] });
    expect(approved.body.grant.purpose).toBe('Страховка');
    expect(approved.body).toMatchObject({
      state: 'approved',
      grant: { types: ['car.chosen'], state: 'active' },
    });
    expect((await read(id, stranger.token)).status).toBe(200);
    expect(await decide(request.id, 'refuse', { reason: 'поздно' })).toMatchObject({
      status: 409,
      body: { detail: 'Cannot make the request refused: it is approved, it must be requested' },
    });
  });

  it('is refused with a reason, withdrawn by its maker, and made once at a time', async () => {
    const id = await topic('listed');
    const first = (await ask(id)).body;
    expect((await ask(id)).status).toBe(409);
    expect((await decide(first.id, 'refuse', { reason: 'Нет договора' })).body).toMatchObject({
      state: 'refused',
      reason: 'Нет договора',
    });
    const second = (await ask(id)).body;
    expect((await decide(second.id, 'withdraw', {}, reader.token)).status).toBe(404);
    expect((await decide(second.id, 'withdraw', {}, stranger.token)).body.state).toBe('withdrawn');
    expect((await decide(second.id, 'approve', {})).status).toBe(409);
  });

  it('is not possible for a topic that is not listed', async () => {
    expect((await ask(await topic('private'))).status).toBe(404);
  });
});

describe('the audit log', () => {
  it('shows both companies of a grant the same entries, and nothing to others', async () => {
    const id = await topic();
    await put(id, { purpose: 'Скоринг' });
    const entries = async (token: string) =>
      (await api.call('GET', `/v1/audit?topicId=${id}&action=grant.given`, { token })).body.items;
    const [seen] = await entries(owner.token);
    expect(seen).toMatchObject({ topicId: id, actorPartnerId: owner.id, after: { purpose: 'Скоринг' } });
    // All but from where: that is only for those who did it.
    expect(seen.remoteAddress).toContain('127.0.0.1');
    const [byReader] = await entries(reader.token);
    const { seq: _seq, hash: _hash, prevHash: _prevHash, ...shared } = seen;
    const ofReader = { chain: reader.id, sharedWith: [owner.id] };
    expect(byReader).toMatchObject({ ...shared, ...ofReader, remoteAddress: null });
    expect(await entries(stranger.token)).toEqual([]);
  });

  it('is a chain: the whole export verifies, and a changed entry shows', async () => {
    const { body } = await api.call('GET', '/v1/audit/export', { token: api.operatorToken });
    const rows = String(body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(verifyChain(rows)).toEqual({ ok: true, entries: rows.length });
    const changed = rows.map((row, index) => (index === 5 ? { ...row, action: 'nothing.happened' } : row));
    expect(verifyChain(changed)).toMatchObject({ ok: false, seq: 6 });
  });

  it('holds no secret', async () => {
    const { body } = await api.call('GET', '/v1/audit/export', { token: api.operatorToken });
    for (const secret of ['whsec_', 'ank_', '$argon2', 'correct horse'])
      expect(String(body)).not.toContain(secret);
  });
});
