import { said } from '@anika/core/field-rules';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWorld, createWorld, newTopic, type World } from '../testing/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => closeWorld(world));

function erase(body: unknown, token = world.owner.token) {
  return world.api.call('POST', '/v1/erasures', { token, body });
}

/** Nobody works on them in these tests. */
function end(id: string): Promise<unknown> {
  return withClient(world.api.databases.databaseUrl, (client) =>
    client.query(
      `update erasures set state = 'done', criterion = null, finished_at = now() where id = '${id}'`,
    ),
  );
}

const REASON = { reason: 'Просьба клиента' };

describe('an erasure', () => {
  it.each<[string, unknown, string]>([
    ['neither a key nor a path', REASON, 'key'],
    ['both', { ...REASON, key: 'a', path: 'data.a', value: 1 }, 'key'],
    ['a path without a value', { ...REASON, path: 'data.a' }, 'value'],
    ['a value without a path', { ...REASON, key: 'a', value: 1 }, 'value'],
    ['a path that is not into the data', { ...REASON, path: 'type', value: 'car.chosen' }, 'path'],
    ['a path that cannot be read', { ...REASON, path: 'data.a..b', value: 1 }, 'path'],
    ['a value that is an object', { ...REASON, path: 'data.a', value: { gt: 0 } }, 'value'],
    ['no reason', { key: 'a' }, 'reason'],
    ['an empty key', { ...REASON, key: '' }, 'key'],
  ])('with %s is refused', async (_title, body, path) => {
    const answer = await erase(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it('names the rule that its path breaks, for pages in other languages', async () => {
    const { body } = await erase({ ...REASON, path: 'data.a..b', value: 1 });
    expect(body.errors).toEqual([{ path: 'path', ...said('filter-path') }]);
    expect(body.detail).toBe(`path: ${said('filter-path').message}`);
  });

  it("of another's topic is refused: 403 where it can be seen, 404 where not", async () => {
    const hidden = await newTopic(world.api, world.stranger.token);
    for (const [topicId, status] of [
      [world.topicId, 403],
      [hidden, 404],
    ] as const) {
      expect((await erase({ ...REASON, key: 'a', topicId }, world.reader.token)).status).toBe(status);
    }
  });

  it('is for admins, and no key', async () => {
    const developer = await world.owner.userToken('developer');
    const key = await world.owner.apiKey(['publish', 'read', 'manage']);
    for (const token of [developer, key])
      expect((await erase({ ...REASON, key: 'a' }, token)).status).toBe(403);
  });

  it('keeps what is looked for out of answers, the log and the clear, and is seen by its company alone', async () => {
    const { api, owner, stranger } = world;
    const { status, body } = await erase({ ...REASON, path: 'data.phone', value: '+7 900 секретный' });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      state: 'running',
      matched: 0,
      erased: 0,
      by: 'path',
      topicId: null,
      proof: null,
    });
    expect(body.criterionHash).toMatch(/^[0-9a-f]{64}$/);
    const same = await erase({ ...REASON, path: 'data.phone', value: '+7 900 секретный' });
    expect(same.body.criterionHash).toBe(body.criterionHash);
    expect((await erase({ ...REASON, key: '+7 900 секретный' })).body.criterionHash).not.toBe(
      body.criterionHash,
    );
    const path = `/v1/erasures/${body.id}`;
    expect((await api.call('GET', path, { token: owner.token })).body).toEqual(body);
    expect((await api.call('GET', path, { token: stranger.token })).status).toBe(404);
    const list = await api.call('GET', '/v1/erasures', { token: owner.token });
    expect(list.body.items[2]).toEqual(body);
    expect((await api.call('GET', '/v1/erasures', { token: stranger.token })).body.items).toEqual([]);
    const audit = await api.call('GET', '/v1/audit?action=erasure.started', { token: owner.token });
    const row = await withClient(api.databases.databaseUrl, (client) =>
      client.query<{ row: string }>(`select to_jsonb(e)::text as row from erasures e`),
    );
    for (const text of [JSON.stringify([list.body, audit.body]), JSON.stringify(row.rows)]) {
      expect(text).toContain(body.id);
      expect(text).not.toContain('секретный');
      expect(text).not.toContain('data.phone');
    }
    for (const { id } of list.body.items) await end(id);
  });

  it('is counted before it is begun, over own topics or one of them, and nothing is begun', async () => {
    const { api, owner, stranger, topicId } = world;
    const publish = (id: string, token: string, key: string) =>
      api.call('POST', `/v1/topics/${id}/messages`, { token, body: { type: 'car.chosen', key, data: {} } });
    const other = await newTopic(api, owner.token);
    const foreign = await newTopic(api, stranger.token);
    await publish(topicId, owner.token, 'counted');
    await publish(other, owner.token, 'counted');
    await publish(other, owner.token, 'counted');
    await publish(other, owner.token, 'another');
    await publish(foreign, stranger.token, 'counted');
    const counted = async (more: object) => {
      const { status, body } = await erase({ ...REASON, key: 'counted', dryRun: true, ...more });
      return { status, ...body };
    };
    expect(await counted({})).toEqual({ status: 200, dryRun: true, matched: 3, complete: true });
    expect(await counted({ topicId: other })).toMatchObject({ status: 200, matched: 2 });
    expect((await counted({ topicId: foreign })).status).toBe(404);
    const { items } = (await api.call('GET', '/v1/erasures?limit=200', { token: owner.token })).body;
    expect(items.filter(({ state }: { state: string }) => state === 'running')).toEqual([]);
  });

  it('is one of at most five at once, also of several that come together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 7 }, (_, n) => erase({ ...REASON, key: `k${n}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 422, 422]);
    expect(answers.find(({ status }) => status === 422)?.body.code).toBe('limit-reached');
    // Another company's do not count.
    expect((await erase({ ...REASON, key: 'k' }, world.stranger.token)).status).toBe(202);
    for (const { status, body } of answers) if (status === 202) await end(body.id);
    expect((await erase({ ...REASON, key: 'again' })).status).toBe(202);
  });
});

it('a topic that is deleted is erased by itself, once', async () => {
  const { api, owner } = world;
  const topicId = await newTopic(api, owner.token);
  const remove = () => api.call('DELETE', `/v1/topics/${topicId}`, { token: owner.token });
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  const { items } = (await api.call('GET', '/v1/erasures?limit=200', { token: owner.token })).body;
  expect(items.filter((one: { topicId: string }) => one.topicId === topicId)).toEqual([
    expect.objectContaining({ by: 'topic', state: 'running', criterionHash: null }),
  ]);
});
